import { FuseV1Options, FuseVersion, type FuseConfig } from '@electron/fuses'

/**
 * What can be done with the shipped program beyond running the app: nothing
 * (https://www.electronjs.org/docs/latest/tutorial/fuses). Cookies are not used; encrypting them would open the
 * keychain at every start. Set here and not in electron-builder.yml, because electron-builder would look for them in
 * the Linux launcher.
 */
export function productFuses(): FuseConfig {
  return {
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableCookieEncryption]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  }
}

/** Playwright reaches the main process through Node's inspector. */
export function endToEndFuses(): FuseConfig {
  return { ...productFuses(), [FuseV1Options.EnableNodeCliInspectArguments]: true }
}

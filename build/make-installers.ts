import { readFile, writeFile } from 'node:fs/promises'
import { dirname, delimiter } from 'node:path'
import { parseArgs } from 'node:util'
import { Arch, build, Platform, type Configuration } from 'electron-builder'
import { parse } from 'yaml'
import { root, source } from './bundle.ts'
import { electronFolder, electronVersion } from './electron-runtime.ts'
import { installerConfiguration } from './installer-configuration.ts'
import { missingParts } from './keychain-parts.ts'

/**
 * The installers of this system, from a finished `npm run build`: dist/packages/. Without arguments all of
 * electron-builder.yml. `--target deb --arch x64 --output DIR` makes less; `--prepackaged DIR` takes an unpacked app.
 */
const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    arch: { type: 'string' },
    output: { type: 'string' },
    prepackaged: { type: 'string' },
  },
})
const wanted = values.arch === undefined ? ['x64', 'arm64'] : values.arch.split(',')
const missing = missingParts(wanted)
if (missing.length > 0) {
  console.error(
    `${missing.join(', ')} is not installed: run \`node build/keychain-parts.ts --install\` (needs the network).`,
  )
  process.exit(1)
}
const product = parse(await readFile(source('electron-builder.yml'), 'utf8')) as Configuration
const configFile = source('dist/electron-builder-installers.json')
await writeFile(configFile, JSON.stringify(configuration(), null, 2))
// Paths of the configuration are relative to it, and our `fpm` is run by the Node that runs this.
process.chdir(root)
process.env['PATH'] = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`
process.env['CUSTOM_FPM_PATH'] ??= source('build/linux-deb.ts')
await build({
  targets: Platform.current().createTarget(values.target ?? null, ...architectures()),
  config: configFile,
  projectDir: root,
  publish: 'never',
  ...(values.prepackaged === undefined ? {} : { prepackaged: values.prepackaged }),
})

function configuration(): Configuration {
  const config = installerConfiguration(product, process.env)
  const directories = { ...config.directories, ...(values.output === undefined ? {} : { output: values.output }) }
  const own = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const folder = own === undefined ? undefined : electronFolder(process.env)
  // electron-builder gets the release for each architecture itself, unless a folder is given.
  const electron = folder === undefined ? {} : { electronDist: folder, electronVersion: electronVersion(folder) }
  return { ...config, ...electron, directories }
}

function architectures(): Arch[] {
  return values.arch === undefined ? [] : wanted.map((name) => Arch[name as keyof typeof Arch])
}

export interface KeychainProblem {
  /** `absent`: there is none, so no key can be in it. `locked`, `failing`: the keys may be there and cannot be had now. */
  kind: 'absent' | 'locked' | 'failing'
  /** What happened, and what to do. */
  message: string
}

const service = 'a Secret Service (GNOME Keyring, KWallet or KeePassXC)'

/** Every error of the library has the code GenericFailure: only its words tell them apart. */
const known: [pattern: RegExp, kind: KeychainProblem['kind'], message: string][] = [
  [
    /prompt was dismissed|is locked|locked collection|IsLocked|interaction is not allowed/i,
    'locked',
    'The keychain is locked. Unlock it (log in to your desktop, or open its own app and unlock it) and try again.',
  ],
  [
    /not provided by any \.service|ServiceUnknown/i,
    'absent',
    `No keychain runs in this session. Install and start ${service}, or set the keys as environment variables.`,
  ],
  [
    /DBUS_SESSION_BUS_ADDRESS|autolaunch|Failed to connect|No such file or directory|Connection refused/i,
    'absent',
    `There is no D-Bus session, so no keychain can be asked. Start the app from your desktop session, or set the keys as environment variables.`,
  ],
  [
    /no result found|NoSuchObject|no default collection/i,
    'absent',
    'The keychain has no default collection to keep keys in. Create one in its own app (Passwords and Keys: a keyring, set as default) and try again.',
  ],
  [
    /AccessDenied|denied|not permitted/i,
    'failing',
    'The keychain refused this app. Allow LLM Gateway to use it in its own settings, and try again.',
  ],
  [
    /^timeout$|abort/i,
    'failing',
    'The keychain does not answer; it may be waiting for its password in a window. Answer that window, or unlock the keychain, and try again.',
  ],
  [
    /Cannot find (module|package|native binding)|ERR_MODULE_NOT_FOUND|Failed to load native|ERR_DLOPEN/i,
    'absent',
    'This installation has no part for the keychain of this system. Install the app anew, or set the keys as environment variables.',
  ],
]

export function explainKeychainError(error: unknown, platform: NodeJS.Platform): KeychainProblem {
  const words = error instanceof Error ? error.message : String(error)
  const [, kind, message] = known.find(([pattern]) => pattern.test(words)) ?? []
  if (kind !== undefined && message !== undefined) return { kind, message }
  const name = { darwin: 'Keychain', win32: 'Credential Manager' }[platform as string] ?? 'keychain'
  // The library's words, which speak of stores and services and never of values, are what helps to search.
  return {
    kind: 'failing',
    message: `The ${name} could not be used (${words.slice(0, 200)}). Try again, or set the keys as environment variables.`,
  }
}

export interface Machine {
  /** After the program: `process.argv.slice(2)`. */
  args: readonly string[]
  platform: NodeJS.Platform
  env: Readonly<Record<string, string | undefined>>
  hasElectron: boolean
  /** Its installer was not tried yet. */
  mayInstall: boolean
}

export type StartChoice =
  | { run: 'app' }
  /** Then again. */
  | { run: 'install' }
  /** `why`: to be said, unless that is what was asked for. */
  | { run: 'headless'; why: string | undefined }

const answeredAtOnce = new Set(['--no-ui', '--check', '--print-config', '--version', '-v', '--help', '-h'])

/** What `npm start` starts on this machine. */
export function chooseStart({ args, platform, env, hasElectron, mayInstall }: Machine): StartChoice {
  if (args.some((argument) => answeredAtOnce.has(argument)) || isOn(env['LLM_GATEWAY_NO_UI'])) {
    return { run: 'headless', why: undefined }
  }
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) {
    return { run: 'headless', why: 'There is no display, so the gateway runs without a window.' }
  }
  if (hasElectron) return { run: 'app' }
  if (mayInstall) return { run: 'install' }
  return {
    run: 'headless',
    why: 'Electron is not installed (npx install-electron --no fetches it), so the gateway runs without a window.',
  }
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(1|true|yes|on)$/i.test(value)
}

import { parseArguments } from '../gateway/cli-arguments.ts'
import { isLink } from './link.ts'

/** What the app was started with: the gateway's own arguments, and what only a desktop knows. */
export interface AppArguments {
  gateway: ReturnType<typeof parseArguments>
  /** Start in the tray, without a window. */
  hidden: boolean
  /** `llm-gateway://...`, as the system hands it over. */
  link: string | undefined
}

interface Start {
  argv: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  /** Run as `electron <app>`: then the app's path is among the arguments (process.defaultApp). */
  isDevelopment: boolean
}

/**
 * Switches of Chromium and Node that Electron leaves in process.argv (launchers, AppImage's AppRun and test drivers add
 * them). They have their values after `=`, so that each is one argument.
 */
const runtimeSwitch =
  /^--(no-sandbox|no-zygote|no-first-run|in-process-gpu|single-process|headless|trace-[\w-]+|js-flags|lang|inspect[\w-]*|remote-debugging-[\w-]+|user-data-dir|log-[\w-]+|v|vmodule|password-store|proxy-[\w-]+|host-[\w-]+|ozone-[\w-]+|gtk-version|use-[\w-]+|force-[\w-]+|enable-[\w-]+|disable-[\w-]+|ignore-[\w-]+|allow-[\w-]+|original-process-start-time|squirrel-[\w-]+)(=|$)/

/** `argv`: the whole of process.argv. */
export function parseAppArguments({ argv, env, isDevelopment }: Start): AppArguments {
  const given = argv.slice(1).filter((argument) => !runtimeSwitch.test(argument))
  const own = isDevelopment ? withoutFirstPath(given) : given
  return {
    // macOS hands programs that are opened from the Finder a process serial number.
    gateway: parseArguments(
      own.filter((argument) => argument !== '--hidden' && !isLink(argument) && !argument.startsWith('-psn_')),
      env,
    ),
    hidden: own.includes('--hidden'),
    link: own.find(isLink),
  }
}

function withoutFirstPath(given: readonly string[]): string[] {
  const path = given.findIndex((argument) => !argument.startsWith('-'))
  return given.filter((_, index) => index !== path)
}

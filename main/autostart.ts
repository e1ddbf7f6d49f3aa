import { join } from 'node:path'

/** https://specifications.freedesktop.org/autostart-spec/latest/ */
export function autostartFile(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const configHome = env['XDG_CONFIG_HOME'] ?? ''
  return join(configHome.startsWith('/') ? configHome : join(home, '.config'), 'autostart', 'llm-gateway.desktop')
}

export function autostartEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=LLM Gateway',
    'Comment=One local address for every model provider',
    `Exec=${command.map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/** What starts the app again. `execPath` is the program behind the Linux launcher (build/after-pack.ts), unless it is an AppImage. */
export function startProgram(execPath: string, env: Readonly<Record<string, string | undefined>>): string {
  return env['APPIMAGE'] ?? execPath.replace(/(?<=\/llm-gateway)-bin$/, '')
}

/** Quoted for the Exec key, and once more for a value of the file: https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html */
function quoted(argument: string): string {
  const escaped = argument
    .replace(/["`$\\]/g, String.raw`\$&`)
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
  return `"${escaped}"`
}

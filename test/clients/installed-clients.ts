import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { isolationProblem } from './isolated-run.ts'

/** Each a folder with its own node_modules, and the program in it. */
export const clientPrograms = {
  claude: 'claude',
  codex: 'codex',
  opencode: 'opencode',
  gemini: 'gemini',
  qwen: 'qwen',
  continue: 'cn',
} as const
export type ClientName = keyof typeof clientPrograms

export function programOf(folder: string, client: ClientName): string {
  return join(folder, client, 'node_modules', '.bin', clientPrograms[client])
}

/** Where `.ci/install-clients` was told to put them (CONTRIBUTING.md). */
export const clientsFolder = resolve(process.env['CLIENTS'] ?? join(homedir(), '.cache', 'llm-gateway', 'clients'))

/** Set by .ci/run: then what is missing is a failure. */
export const isRequired = process.env['CLIENTS_REQUIRED'] === '1'

/** Why the command-line clients are not run here, in one line; undefined: they are. */
export async function clientsProblem(): Promise<string | undefined> {
  const missing: string[] = []
  for (const client of Object.keys(clientPrograms) as ClientName[]) {
    await access(programOf(clientsFolder, client)).catch(() => missing.push(client))
  }
  if (missing.length > 0) return `not installed in ${clientsFolder}: ${missing.join(', ')} (see CONTRIBUTING.md)`
  return isolationProblem()
}

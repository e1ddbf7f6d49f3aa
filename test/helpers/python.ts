import { execFile, type ExecFileException } from 'node:child_process'
import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The interpreter of a virtual environment, or the reason why there is none. */
export type Python = { interpreter: string } | { problem: string }

/** The makers' own packages. */
export function sdkPython(): Promise<Python> {
  return pythonWith('venv', ['openai', 'anthropic'])
}

/** In an environment of its own, because it insists on versions of what it shares with the SDKs. */
export function aiderPython(): Promise<Python> {
  return pythonWith('venv-aider', ['aider-chat'], ['aider'])
}

/** Made once and kept in `.cache/FOLDER`. `modules`: what the packages are imported as. */
async function pythonWith(folder: string, packages: string[], modules: string[] = packages): Promise<Python> {
  const directory = resolve('.cache', folder)
  const interpreter = join(directory, 'bin', 'python')
  if (await imports(interpreter, modules)) return { interpreter }
  try {
    await run('python3', ['-m', 'venv', directory])
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', ...packages]
    await run(interpreter, pip, { timeout: 240_000 })
  } catch (error) {
    return { problem: `no Python with ${packages.join(' and ')}: ${lastLine(error)}` }
  }
  if (await imports(interpreter, modules)) return { interpreter }
  return { problem: `${packages.join(' and ')} do not import after their installation` }
}

async function imports(interpreter: string, modules: string[]): Promise<boolean> {
  try {
    await access(interpreter)
    await run(interpreter, ['-c', `import ${modules.join(', ')}`])
    return true
  } catch {
    return false
  }
}

function lastLine(error: unknown): string {
  const { stderr = '', message } = error as ExecFileException
  return (stderr.trim() === '' ? message : stderr.trim()).split('\n').at(-1) ?? 'unknown reason'
}

export async function runPython(interpreter: string, args: string[], env: Record<string, string>): Promise<string> {
  const { stdout } = await run(interpreter, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 30_000 })
  return stdout
}

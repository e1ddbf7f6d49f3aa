import { execFile, type ExecFileException } from 'node:child_process'
import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The interpreter of a virtual environment with `openai` in it, or the reason why there is none. */
export type Python = { interpreter: string } | { problem: string }

/** Made once and kept in .cache/venv. */
export async function openaiPython(): Promise<Python> {
  const directory = resolve('.cache/venv')
  const interpreter = join(directory, 'bin', 'python')
  if (await hasOpenai(interpreter)) return { interpreter }
  try {
    await run('python3', ['-m', 'venv', directory])
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', 'openai']
    await run(interpreter, pip, { timeout: 150_000 })
  } catch (error) {
    return { problem: `no Python with openai: ${lastLine(error)}` }
  }
  return (await hasOpenai(interpreter)) ? { interpreter } : { problem: 'openai does not import after its installation' }
}

async function hasOpenai(interpreter: string): Promise<boolean> {
  try {
    await access(interpreter)
    await run(interpreter, ['-c', 'import openai'])
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

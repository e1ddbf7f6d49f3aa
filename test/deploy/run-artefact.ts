import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'vitest'

/** A gateway that was started from an artefact. */
export interface RunningArtefact {
  url: string
  output: () => string
  /** SIGTERM; answers the exit code. */
  stop: () => Promise<number | null>
}

export interface StartOptions {
  /** Everything the process sees; PATH is added. */
  env?: Record<string, string>
  cwd: string
  uid?: number
}

const started = new Set<ChildProcess>()

/** For afterEach: nothing of a failed test goes on. */
export function endAll(): void {
  for (const child of started) child.kill('SIGKILL')
  started.clear()
}

/** Runs it without a display until it says where it listens. Rejects with its output when it ends before. */
export async function startArtefact(
  program: string,
  args: readonly string[],
  { env, cwd, uid }: StartOptions,
): Promise<RunningArtefact> {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  started.add(child)
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  void exit.then(() => started.delete(child))
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
  for (;;) {
    const url = /"url":"(http:[^"]+)"/.exec(text)?.[1]
    if (url !== undefined) {
      const stop = (): Promise<number | null> => (child.kill('SIGTERM'), exit)
      return { url, output: () => text, stop }
    }
    const ended = await Promise.race([exit.then(() => true), once(child.stdout, 'data').then(() => false)])
    if (ended) throw new Error(`it ended: ${text}`)
  }
}

/** What a smoke test of a release asks: an answer, its row in the ledger, the dashboard; and a good end. */
export async function expectServes({ url, stop, output }: RunningArtefact): Promise<void> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Hello!' }] }),
  })
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('Hello!')
  const usage = (await (await fetch(`${url}/api/v1/usage`)).json()) as { total_requests: number }
  expect(usage.total_requests).toBe(1)
  expect(await (await fetch(`${url}/ui/`)).text()).toContain('<script')
  expect(await stop(), output()).toBe(0)
}

import { readdir, readFile } from 'node:fs/promises'

/** Of /proc (Linux). `startedAt` tells it from a later process with the same number. */
export interface FoundProcess {
  pid: number
  parent: number
  state: string
  startedAt: string
}

/** The process and everything below it. */
export async function processesOf(root: number): Promise<FoundProcess[]> {
  const all = await readProcesses()
  const found = all.filter(({ pid }) => pid === root)
  // Grows while it is walked: children are found by those found before.
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid))
  return found
}

/** Those of them that still run. */
export async function runningOf(processes: readonly FoundProcess[]): Promise<FoundProcess[]> {
  const all = await readProcesses()
  return all.filter(
    ({ pid, startedAt, state }) =>
      state !== 'Z' && processes.some((process) => process.pid === pid && process.startedAt === startedAt),
  )
}

async function readProcesses(): Promise<FoundProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return stats.flatMap((line) => {
    // The name in brackets may have spaces.
    const [, pid, rest] = /^(\d+) \(.*\) (.*)$/s.exec(line) ?? []
    if (pid === undefined || rest === undefined) return []
    const fields = rest.trim().split(' ')
    return [{ pid: Number(pid), state: fields[0] ?? '', parent: Number(fields[1]), startedAt: fields[19] ?? '' }]
  })
}

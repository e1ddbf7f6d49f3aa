import type { DiagnosticCheck } from '../contract.ts'

/** Of whoever runs the gateway; nothing of it may be in what is handed to others. */
export interface Identity {
  home: string
  user: string
  host: string
}

export interface ReportPorts {
  version: string
  now: () => number
  scrub: (text: string) => string
  identity: Identity
}

const marks = { ok: 'ok', warning: 'WARNING', failed: 'FAILED', skipped: 'skipped' } as const

/** Markdown to be pasted into a bug report. */
export function writeReport(checks: readonly DiagnosticCheck[], ports: ReportPorts): string {
  const rows = checks.map(
    ({ name, outcome, detail, durationMs }) =>
      `| ${marks[outcome]} | ${cell(name)} | ${cell(detail)} | ${durationMs} ms |`,
  )
  const lines = [
    '# LLM Gateway diagnostics',
    '',
    `Version ${ports.version}, ${process.platform} ${process.arch}, Node ${process.versions.node}, ${new Date(ports.now()).toISOString()}`,
    '',
    '| Outcome | Check | Found | Time |',
    '|---|---|---|---|',
    ...rows,
    '',
  ]
  return withoutIdentity(ports.scrub(lines.join('\n')), ports.identity)
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll(/\s+/g, ' ')
}

/** Shorter names are ordinary parts of words. */
const shortestName = 3

export function withoutIdentity(text: string, { home, user, host }: Identity): string {
  // Of Windows paths the slashes may have been turned, and in JSON they stand doubled.
  const homes = home.length < shortestName ? [] : [home, home.replaceAll('\\', '\\\\'), home.replaceAll('\\', '/')]
  const clean = homes.reduce((current, each) => current.replaceAll(each, '~'), text)
  return [user, host].filter(isTelling).reduce((current, name) => {
    const whole = new RegExp(String.raw`(?<![\w])${escapePattern(name)}(?![\w])`, 'gi')
    return current.replaceAll(whole, '[removed]')
  }, clean)
}

function isTelling(name: string): boolean {
  return name.length >= shortestName && name.toLowerCase() !== 'localhost'
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** `1.2 GB` */
export function formatBytes(bytes: number): string {
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** step
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step]}`
}

import type { Settings } from '../../../gateway/contract.ts'

/** What the last save said waits for a restart, with the values it had then. */
export interface Waiting {
  names: readonly string[]
  values: Settings
}

/** Undone, or set anew elsewhere: then it is not known to wait any more. */
export function stillWaiting(waiting: Waiting | undefined, current: Settings): string[] {
  if (waiting === undefined) return []
  return waiting.names.filter((name) => sameValue(waiting.values, current, name as keyof Settings))
}

function sameValue(one: Settings, other: Settings, name: keyof Settings): boolean {
  return JSON.stringify(one[name]) === JSON.stringify(other[name])
}

const titles: Partial<Record<string, string>> = {
  host: 'the address',
  port: 'the port',
  corsEnabled: 'access for web pages',
  corsOrigins: 'the web pages',
  retentionDays: 'how long calls are kept',
  capture: 'what is kept of calls',
  logLevel: 'the log level',
  logFormat: 'the log format',
  proxy: 'the proxy',
  metricsEnabled: 'the metrics',
}

/** `the port and the proxy` */
export function namesInWords(names: readonly string[]): string {
  const words = names.map((name) => titles[name] ?? name)
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

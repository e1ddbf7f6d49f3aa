import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import type { Log } from './log.ts'

export interface ExportWatch {
  /** The last export was not taken. */
  isFailing(): boolean
  /** Once per export; `items`: how many spans or series it held. */
  report(result: ExportResult, items: number): void
}

/** One log line when a collector stops taking what it is sent, and one when it takes it again. */
export function watchExports(signal: 'traces' | 'metrics', endpoint: string, log: Log): ExportWatch {
  let failed = 0
  let lost = 0
  return {
    isFailing: () => failed > 0,
    report({ code, error }, items) {
      if (code === ExportResultCode.SUCCESS) {
        if (failed > 0) log.info({ signal, endpoint, failed, lost }, 'telemetry is taken again')
        failed = 0
        lost = 0
        return
      }
      failed += 1
      lost += items
      if (failed > 1) return
      const text = 'telemetry cannot be sent; calls go on, and what is not taken is dropped'
      log.warn({ signal, endpoint, reason: reasonOf(error) }, text)
    },
  }
}

/** A collector's own words are its secret, or somebody's. */
function reasonOf(error: (Error & { code?: unknown }) | undefined): string {
  if (error === undefined) return 'no reason given'
  const { code, message } = error
  if (typeof code === 'number') return `it answered with HTTP ${code}`
  if (typeof code === 'string') return code
  return message === '' ? error.name : message
}

interface Exporter<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void
}

/** The exporter itself, which now also tells how it went. */
export function watched<Batch, Sender extends Exporter<Batch>>(
  exporter: Sender,
  watch: ExportWatch,
  count: (batch: Batch) => number,
): Sender {
  const send = exporter.export.bind(exporter)
  exporter.export = (batch: Batch, done: (result: ExportResult) => void): void => {
    const items = count(batch)
    send(batch, (result) => {
      watch.report(result, items)
      done(result)
    })
  }
  return exporter
}

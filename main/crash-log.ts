import { join } from 'node:path'
import { app } from 'electron'
import { createLogFile } from './log-file.ts'

/** What nobody caught goes into `logs/app.log` of the data folder, and the gateway goes on serving. */
export function setupCrashLog(folder: string): (error: unknown) => void {
  const write = createLogFile(join(folder, 'logs', 'app.log'))
  const log = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    write(`${new Date().toISOString()} ${text}\n`)
    process.stderr.write(`${text}\n`)
  }
  process.on('uncaughtException', log)
  process.on('unhandledRejection', log)
  app.on('render-process-gone', (_event, _contents, { reason, exitCode }) => {
    if (reason !== 'clean-exit') log(`the window's process ended: ${reason} (${exitCode})`)
  })
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason !== 'clean-exit') log(`a process of kind ${type} ended: ${reason} (${exitCode})`)
  })
  return log
}

import { pino, stdTimeFunctions } from 'pino'
import type { LoggerOptions } from 'pino'
import { createOutput } from './output.ts'
import { createScrubber, redacted } from './scrub.ts'

export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  /** A log whose every line has these fields, too. */
  child(fields: object): Log
}

export interface LogSettings {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** `json`: a line is an object. `console`: for people. */
  format: 'json' | 'console'
  /** Gets whole lines, newline included. Absent: standard output. */
  write?: (line: string) => void
  /** What must never appear in a line; see createScrubber. */
  secrets: () => readonly string[]
}

/**
 * Members that hold headers, bodies of credentials or the like, wherever a call site may put them: replaced whole.
 * Only paths from the top: a wildcard makes pino four times slower, and the scrubber sees every line anyway, because
 * paths are case-exact and miss the message and nested causes.
 */
const hiddenPaths = [
  'headers',
  'requestHeaders',
  'responseHeaders',
  'request.headers',
  'response.headers',
  'authorization',
  'cookie',
  'apiKey',
  'secret',
  'secrets',
  'password',
]

/** Everything goes through pino; nothing reaches the output unscrubbed. */
export async function createLog(settings: LogSettings): Promise<Log> {
  const scrub = createScrubber(settings.secrets)
  const write = settings.write ?? createOutput(process.stdout)
  const render = settings.format === 'console' ? await loadPrettifier(settings.write === undefined) : undefined
  return pino(options(settings.level), {
    write(line) {
      const clean = scrub(line)
      write(render === undefined ? clean : render(clean))
    },
  })
}

function options(level: LogSettings['level']): LoggerOptions {
  return {
    level,
    messageKey: 'message',
    errorKey: 'error',
    base: { pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: hiddenPaths, censor: redacted },
    serializers: { error: errorFields, cause: errorFields },
  }
}

/** Only then is pino-pretty (20 ms to import) needed. Called in process: a pino transport does not survive bundling. */
async function loadPrettifier(isStandardOutput: boolean): Promise<(line: string) => string> {
  const { prettyFactory } = await import('pino-pretty')
  const colorize = isStandardOutput && process.stdout.isTTY && process.env['NO_COLOR'] === undefined
  const pretty = prettyFactory({
    colorize,
    messageKey: 'message',
    errorLikeObjectKeys: ['error', 'cause'],
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid',
    singleLine: true,
  })
  return (line) => pretty(line) ?? line
}

/** Causes deeper than this say nothing new. */
const deepestCause = 4

/** Not every member of an Error: HTTP clients hang whole requests, headers included, on theirs. */
function errorFields(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? error.code : undefined
  const cause = error.cause === undefined || depth === deepestCause ? undefined : errorFields(error.cause, depth + 1)
  return { type: error.name, message: error.message, code, stack: error.stack, cause }
}

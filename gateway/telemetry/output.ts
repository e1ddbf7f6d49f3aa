import type { Writable } from 'node:stream'

/** A reader that takes nothing (a stopped pager) must not fill the memory: beyond this many bytes lines are dropped. */
const mostPending = 16 * 1024 * 1024

/**
 * Writes lines to standard output: those of one turn of the event loop in one go, the last ones at exit; then only what
 * a pipe has no room for (64 KB) is lost. When the reader has gone (`| head`, a `| tee` that got the same Ctrl-C) lines
 * are dropped. pino's own destination is not used because of that: at exit it repeats a write that fails with EPIPE
 * for ever, and the process never ends.
 */
export function createOutput(stream: Writable): (line: string) => void {
  let waiting = ''
  let isListening = false
  let isBroken = false

  /** Listens only once there is something to write: a silent log leaves no trace. */
  function listen(): void {
    isListening = true
    stream.on('error', () => {
      isBroken = true
    })
    process.on('exit', flush)
  }

  function flush(): void {
    const text = waiting
    waiting = ''
    if (text !== '' && !isBroken) stream.write(text)
  }

  return (line) => {
    if (!isListening) listen()
    if (isBroken || stream.writableLength > mostPending) return
    if (waiting === '') setImmediate(flush)
    waiting += line
  }
}

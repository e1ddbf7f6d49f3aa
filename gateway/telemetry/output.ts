import type { Writable } from 'node:stream'

/**
 * Writes lines to standard output: those of one turn of the event loop in one go, the last ones at exit.
 * When the reader has gone (`| head`, a `| tee` that got the same Ctrl-C) lines are dropped. pino's own destination is
 * not used because of that: its flush at exit repeats a write that fails with EPIPE for ever, and nothing ends.
 */
export function createOutput(stream: Writable): (line: string) => void {
  let waiting = ''
  let isBroken = false

  function flush(): void {
    const text = waiting
    waiting = ''
    if (text !== '' && !isBroken) stream.write(text)
  }

  stream.on('error', () => {
    isBroken = true
  })
  process.on('exit', flush)

  return (line) => {
    if (isBroken) return
    if (waiting === '') setImmediate(flush)
    waiting += line
  }
}

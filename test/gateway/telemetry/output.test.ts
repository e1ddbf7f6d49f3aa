import { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createOutput } from '../../../gateway/telemetry/output.ts'

function collector(failure?: Error): { stream: Writable; writes: string[] } {
  const writes: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    autoDestroy: false,
    write(text: string, _, done) {
      writes.push(text)
      done(failure)
    },
  })
  return { stream, writes }
}

test('the lines of one turn leave in one write, in order', async () => {
  const { stream, writes } = collector()
  const write = createOutput(stream)
  write('a\n')
  write('b\n')
  await turn()
  write('c\n')
  await turn()
  expect(writes).toEqual(['a\nb\n', 'c\n'])
})

test('a reader that has gone is no error, and gets nothing more', async () => {
  const { stream, writes } = collector(new Error('EPIPE'))
  const write = createOutput(stream)
  write('a\n')
  await turn()
  await turn()
  write('b\n')
  await turn()
  expect(writes).toEqual(['a\n'])
})

test('what waits is written when the process exits', () => {
  const { stream, writes } = collector()
  const before = process.listeners('exit')
  const write = createOutput(stream)
  const flush = process.listeners('exit').find((listener) => !before.includes(listener))
  write('last words\n')
  flush?.(0)
  expect(writes).toEqual(['last words\n'])
})

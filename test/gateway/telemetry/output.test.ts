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
  expect(process.listeners('exit')).toEqual(before)
  write('last words\n')
  const flush = process.listeners('exit').find((listener) => !before.includes(listener))
  flush?.(0)
  expect(writes).toEqual(['last words\n'])
})

test('a reader that takes nothing does not fill the memory', async () => {
  const stream = new Writable({ decodeStrings: false, write: () => undefined })
  const write = createOutput(stream)
  for (let round = 0; round < 100; round += 1) {
    write('x'.repeat(1024 * 1024))
    await turn()
  }
  expect(stream.writableLength).toBeLessThan(20 * 1024 * 1024)
})

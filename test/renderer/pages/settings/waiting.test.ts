import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../../gateway/contract.ts'
import { namesInWords, stillWaiting } from '../../../../renderer/pages/settings/waiting.ts'

describe('stillWaiting', () => {
  const values = { port: 9090, logLevel: 'debug', corsOrigins: ['http://a.test'] } as unknown as Settings
  const waiting = { names: ['port', 'logLevel', 'corsOrigins'], values }

  test('nothing was saved yet', () => expect(stillWaiting(undefined, values)).toEqual([]))

  test('all of them, also after another reading', () => {
    expect(stillWaiting(waiting, { ...values, corsOrigins: ['http://a.test'] })).toEqual(waiting.names)
  })

  test('one was undone', () =>
    expect(stillWaiting(waiting, { ...values, port: 8080 })).toEqual(['logLevel', 'corsOrigins']))
})

test.each([
  [[], ''],
  [['port'], 'the port'],
  [['port', 'proxy'], 'the port and the proxy'],
  [['host', 'port', 'proxy'], 'the address, the port and the proxy'],
  [['somethingNew'], 'somethingNew'],
])('namesInWords(%j)', (names, words) => expect(namesInWords(names)).toBe(words))

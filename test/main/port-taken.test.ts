import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { lookAtTakenPort, nextFreePort, portQuestion } from '../../main/port-taken.ts'

const stranger = { host: '127.0.0.1', port: 8080, holder: 'python3 (process 12)', isOurs: false, free: 8081 }
const ours = { ...stranger, holder: 'another LLM Gateway, version 0.1.0', isOurs: true }
const { free: _, ...none } = stranger

test.each([
  ['a stranger', stranger, [{ do: 'use', port: 8081 }, { do: 'later' }], /taken by python3/],
  [
    'another copy',
    ours,
    [{ do: 'open-other', url: 'http://127.0.0.1:8080/ui/' }, { do: 'use', port: 8081 }, { do: 'quit' }],
    /already runs on port 8080/,
  ],
  ['no port near', { ...none, free: undefined }, [{ do: 'later' }], /taken by/],
])('%s: what can be done', (_name, taken, choices, message) => {
  const question = portQuestion(taken, { connected: [], others: [] })
  expect(question.buttons.map(({ choice }) => choice)).toEqual(choices)
  expect(question.message).toMatch(message)
})

test.each([
  [[], [], /have to be pointed at the new address\.$/],
  [[], ['Codex', 'Continue'], /have to be pointed at the new address \(calls came from Codex, Continue\)\.$/],
  [['Claude Code', 'Codex'], [], /connected here is pointed at the new address: Claude Code, Codex\.$/],
  [
    ['Codex'],
    ['script'],
    /new address: Codex\. Others that are set to 8080 have to be told \(calls came from script\)\.$/,
  ],
])('connected %j, others %j: what has to be pointed at the new address', (connected, others, detail) => {
  expect(portQuestion(stranger, { connected, others }).detail).toMatch(detail)
  expect(portQuestion({ ...none, free: undefined }, { connected, others }).detail).not.toContain('new address')
})

test('a port that is held is told as such, and the next free one is found', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const taken = await lookAtTakenPort({ host: '127.0.0.1', port })
  expect(taken).toMatchObject({ port, isOurs: false })
  expect(taken.free).toBeGreaterThan(port)
  server.close()
})

test('beyond the last port there is none', async () => {
  expect(await nextFreePort({ host: '127.0.0.1', port: 65_535 })).toBeUndefined()
})

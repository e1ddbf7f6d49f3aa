import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChatRequest } from '../../gateway/chat/request.ts'
import { chatRequest } from './arbitrary-request.ts'
import { declaredLosses } from './declared-losses.ts'
import { chatDialectIds, type ChatDialectId } from './sdk/readers.ts'
import { lose, targetOf, throughDialect } from './through-dialect.ts'

/** A request written to a provider's dialect and read again by our client side of it is the same, but for what is declared. */

const timeoutMs = 30_000

describe.each(chatDialectIds)('a request to %s and back', (dialect) => {
  test('loses only what is declared, and says so', { timeout: timeoutMs }, () => {
    fc.assert(
      fc.property(chatRequest(targetOf(dialect)), (request) => {
        throughDialect(dialect, request)
      }),
      { numRuns: 150 },
    )
  })

  test('everything declared does happen', () => {
    const lost = new Set<string>()
    for (const request of fc.sample(chatRequest(targetOf(dialect)), { numRuns: 1500, seed: 5 }))
      for (const { what } of lose(dialect, request).losses) lost.add(what)
    expect(declaredLosses[dialect].map(({ what }) => what).filter((what) => !lost.has(what))).toEqual([])
  })
})

const pairs = chatDialectIds.flatMap((from) =>
  chatDialectIds.filter((to) => to !== from).map((to): [ChatDialectId, ChatDialectId] => [from, to]),
)

describe.each(pairs)('a client’s request in %s', (from, to) => {
  test(`to ${to} and back keeps the conversation`, { timeout: timeoutMs }, () => {
    fc.assert(
      fc.property(chatRequest(targetOf(from)), (request) => {
        const asked = throughDialect(from, request)
        const carried = asked === undefined ? undefined : throughDialect(to, asked)
        const returned = carried === undefined ? undefined : throughDialect(from, carried)
        if (asked !== undefined && returned !== undefined) expectKept(asked, returned)
      }),
      { numRuns: 50 },
    )
  })
})

/** Whatever is declared: what was said, called and answered, and the tools, may change their form only. */
function expectKept(asked: ChatRequest, returned: ChatRequest): void {
  expect(callsOf(returned)).toEqual(callsOf(asked))
  const said = textOf(returned)
  for (const text of textsOf(asked)) expect(said).toContain(text)
  const names = ({ tools = [] }: ChatRequest): string[] => tools.map(({ name }) => name)
  expect(names(returned)).toEqual(expect.arrayContaining(offered(asked)))
}

function callsOf({ messages }: ChatRequest): string[] {
  return messages.flatMap((message) => {
    if (message.role === 'tool') return [`result of ${message.callId}`]
    if (message.role !== 'assistant') return []
    return message.parts.flatMap((part) => (part.type === 'tool-call' ? [`call ${part.id} of ${part.name}`] : []))
  })
}

function textsOf({ messages }: ChatRequest): string[] {
  return messages.flatMap((message) =>
    message.parts.flatMap((part) => (part.type === 'text' || part.type === 'refusal' ? part.text.split('\n\n') : [])),
  )
}

function textOf(request: ChatRequest): string {
  return textsOf(request).join('\n')
}

/** Tools that may not be chosen need not be shown. */
function offered({ tools = [], toolChoice: choice }: ChatRequest): string[] {
  const allowed = choice?.type === 'auto' || choice?.type === 'required' ? choice.tools : undefined
  return tools.map(({ name }) => name).filter((name) => allowed?.includes(name) !== false)
}

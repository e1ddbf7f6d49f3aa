import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../gateway/chat/json.ts'
import type { ChatRequest, Loss, Origin } from '../../gateway/chat/request.ts'
import { GatewayError } from '../../gateway/errors.ts'
import { chatRequest } from './arbitrary-request.ts'
import { declaredLosses, type DeclaredLoss } from './declared-losses.ts'
import { clientOf, providerOf } from './decoding.ts'
import { normalRequest } from './normal-form.ts'
import { chatDialectIds, type ChatDialectId } from './sdk/readers.ts'

/** A request written to a provider's dialect and read again by our client side of it is the same, but for what is declared. */

const models: Record<ChatDialectId, string> = {
  'openai-chat': 'gpt-x',
  'openai-responses': 'gpt-x',
  'anthropic-messages': 'claude-x',
  gemini: 'gemini-3-flash',
}

describe.each(chatDialectIds)('a request to %s and back', (dialect) => {
  const own: Origin = { provider: 'p', model: models[dialect] }

  test('loses only what is declared, and says so', () => {
    fc.assert(
      fc.property(chatRequest(own), (request) => {
        roundTrip(dialect, request, own)
      }),
      { numRuns: 400, seed: 4 },
    )
  })

  test('everything declared does happen', () => {
    const lost = new Set<string>()
    for (const request of fc.sample(chatRequest(own), { numRuns: 2000, seed: 5 }))
      for (const { what } of lose(dialect, request, own).losses) lost.add(what)
    expect(declaredLosses[dialect].map(({ what }) => what).filter((what) => !lost.has(what))).toEqual([])
  })
})

function roundTrip(dialect: ChatDialectId, request: ChatRequest, own: Origin): void {
  const { losses, rest: expected } = lose(dialect, request, own)
  const written = write(dialect, request, own)
  const refusals = losses.filter(({ told }) => told === 'refused').map(({ what }) => what)
  if (written instanceof GatewayError) {
    expect(written).toMatchObject({ code: 'unsupported_content', param: expect.stringMatching(/./) as string })
    if (refusals.length === 0) expect.fail(`refused without a declaration: ${written.message}`)
    return
  }
  expect(refusals).toEqual([])
  const body = JSON.parse(JSON.stringify(written.value)) as JsonObject
  const read = clientOf(dialect).chat.read(body, { model: own.model, stream: request.stream })
  expect(normalRequest(read.value)).toEqual(normalRequest(expected))
  expectTold(
    losses,
    written.warnings.map(({ feature }) => feature),
  )
}

/** Every loss has its warning, and every warning its loss. */
function expectTold(losses: DeclaredLoss[], features: string[]): void {
  const tellings = losses.flatMap(({ told }) => (told instanceof RegExp ? [told] : []))
  const untold = tellings.filter(
    (told) => !pending.includes(String(told)) && !features.some((feature) => told.test(feature)),
  )
  expect(untold, 'lost without a warning').toEqual([])
  const unexplained = features.filter((feature) => !tellings.some((told) => told.test(feature)))
  expect(unexplained, 'warned of without a declaration').toEqual([])
}

/** In the order of the table: what one leaves, the next may lose. */
function lose(
  dialect: ChatDialectId,
  request: ChatRequest,
  own: Origin,
): { losses: DeclaredLoss[]; rest: ChatRequest } {
  const losses: DeclaredLoss[] = []
  let left = request
  for (const loss of declaredLosses[dialect]) {
    const rest = loss.rest?.(left, own) ?? left
    const applies = loss.applies?.(left, own) ?? !isDeepStrictEqual(rest, left)
    if (!applies) continue
    losses.push(loss)
    left = rest
  }
  return { losses, rest: left }
}

function write(dialect: ChatDialectId, request: ChatRequest, own: Origin): Loss<JsonObject> | GatewayError {
  try {
    return providerOf(dialect).chat.write(request, { ...own, facts: {} })
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

const pending = [
  '/tool_calls/',
  '/^max_output_tokens$/',
  '/^cache_control$/',
  '/detail$/',
  '/^messages\\[\\d+\\]$/',
  '/^response_format\\.json_schema\\.description$/',
  '/^filename$/',
]

import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { JsonObject } from '../../gateway/chat/json.ts'
import type { ChatRequest, Loss, Origin } from '../../gateway/chat/request.ts'
import { GatewayError } from '../../gateway/errors.ts'
import { declaredLosses } from './declared-losses.ts'
import { clientOf, providerOf } from './decoding.ts'
import type { DeclaredLoss } from './losses/kinds.ts'
import { normalRequest } from './normal-form.ts'
import type { ChatDialectId } from './sdk/readers.ts'

const models: Record<ChatDialectId, string> = {
  'openai-chat': 'gpt-x',
  'openai-responses': 'gpt-x',
  'anthropic-messages': 'claude-x',
  gemini: 'gemini-3-flash',
}

/** Where requests in this dialect go to: signed thinking is valid there alone. */
export function targetOf(dialect: ChatDialectId): Origin {
  return { provider: `${dialect}-provider`, model: models[dialect] }
}

/**
 * The request as our client side reads it after our provider side wrote it; undefined where it was refused. Fails where
 * anything is lost that is not declared, or not told.
 */
export function throughDialect(dialect: ChatDialectId, request: ChatRequest): ChatRequest | undefined {
  const own = targetOf(dialect)
  const { losses, rest } = lose(dialect, request)
  const written = write(dialect, request)
  const refusals = losses.filter(({ told }) => told === 'refused').map(({ what }) => what)
  if (written instanceof GatewayError) {
    expect(written).toMatchObject({ code: 'unsupported_content', param: expect.stringMatching(/./) as string })
    if (refusals.length === 0) expect.fail(`refused without a declaration: ${written.message}`)
    return undefined
  }
  expect(refusals).toEqual([])
  const body = JSON.parse(JSON.stringify(written.value)) as JsonObject
  const read = clientOf(dialect).chat.read(body, { model: own.model, stream: request.stream })
  expect(normalRequest(read.value)).toEqual(normalRequest({ ...rest, model: own.model }))
  expectTold(
    losses,
    written.warnings.map(({ feature }) => feature),
  )
  return read.value
}

/** Every loss has its warning, and every warning its loss. */
function expectTold(losses: DeclaredLoss[], features: string[]): void {
  const tellings = losses.flatMap(({ told }) => (told instanceof RegExp ? [told] : []))
  const untold = tellings.filter((told) => !features.some((feature) => told.test(feature)))
  expect(untold, 'lost without a warning').toEqual([])
  const unexplained = features.filter((feature) => !tellings.some((told) => told.test(feature)))
  expect(unexplained, 'warned of without a declaration').toEqual([])
}

/** In the order of the table: what one leaves, the next may lose. */
export function lose(dialect: ChatDialectId, request: ChatRequest): { losses: DeclaredLoss[]; rest: ChatRequest } {
  const own = targetOf(dialect)
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

function write(dialect: ChatDialectId, request: ChatRequest): Loss<JsonObject> | GatewayError {
  try {
    return providerOf(dialect).chat.write(request, { ...targetOf(dialect), facts: {} })
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

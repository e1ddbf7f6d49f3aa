import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepGatewayId } from '../../../gateway/stores/gateway-id.ts'
import type { RedisLink, ScriptCall } from '../../../gateway/stores/redis-link.ts'
import { RedisSpending } from '../../../gateway/stores/spending-redis.ts'
import { change, demand, sums } from '../../conformance/spending.ts'

/** Answers what it is told to, when it is told to, or is away. */
class FakeLink implements RedisLink {
  calls: ScriptCall[] = []
  reply: unknown[] | undefined = undefined
  #heal = (): void => {}
  #waiting: (() => void)[] | undefined

  run(_script: unknown, call: ScriptCall): Promise<unknown> {
    this.calls.push(call)
    const { reply } = this
    if (this.#waiting !== undefined) return new Promise((resolve) => this.#waiting?.push(() => resolve(reply)))
    return reply === undefined ? Promise.reject(new Error('is away')) : Promise.resolve(reply)
  }
  problem(): undefined {}
  onHealed(listener: () => void): void {
    this.#heal = listener
  }
  close(): void {}

  heal(): void {
    this.#heal()
  }
  /** From now on answers wait until it is called; then all that wait are given in order. */
  suspend(): () => void {
    const waiting: (() => void)[] = []
    this.#waiting = waiting
    return () => {
      this.#waiting = undefined
      for (const answer of waiting) answer()
    }
  }
  /** `mode`, own total spent, amount and the others of the last call, which asked for one account. */
  get said(): unknown[] {
    const { args = [] } = this.calls.at(-1) ?? {}
    return [args[3], args[6], args[7], args[8]]
  }
}

/** `accountsScript` for one account. */
function reply({ refused = 0, spent = 0, held = 0, ownSpent = 0, ownHeld = 0, known = 1, others = '' }): unknown[] {
  return [refused, `${spent}`, `${held}`, `${ownSpent}`, `${ownHeld}`, known, others]
}

describe('spending whose Redis goes away', () => {
  let link: FakeLink
  let spending: RedisSpending

  beforeEach(() => {
    link = new FakeLink()
    spending = new RedisSpending({ link, prefix: 'p', gatewayId: 'me', now: () => 0 })
  })
  afterEach(() => spending.close())

  test('goes on from what Redis knew of all', async () => {
    link.reply = reply({ spent: 50, held: 30, ownHeld: 10 })
    expect(await spending.hold([demand(10)])).toMatchObject({ allowed: true, states: [{ spentNanoUsd: 50 }] })
    link.reply = undefined
    expect(await spending.hold([demand(20)])).toMatchObject({ allowed: true, states: [{ heldNanoUsd: 50 }] })
    expect(await spending.hold([demand(1)])).toMatchObject({
      allowed: false,
      refused: { spentNanoUsd: 50, heldNanoUsd: 50 },
    })
    expect(await spending.settle([change(30, 5)])).toMatchObject([{ spentNanoUsd: 55, heldNanoUsd: 20 }])
  })

  test('all or nothing here too', async () => {
    await spending.hold([demand(10), demand(10, { id: 'tight', limitNanoUsd: 5 })])
    expect(await sums(spending)).toEqual([[0, 0]])
  })

  test('when it is back, it is told how all stands, what others spent included', async () => {
    link.reply = reply({ spent: 50, others: 'other=50' })
    await spending.peek([demand(0)])
    link.reply = undefined
    await spending.hold([demand(20)])
    await spending.hold([demand(7)])
    await spending.settle([change(20, 12)])
    link.heal()
    expect(link.said).toEqual(['tell', 12, 7, 'other=50'])
    expect(link.calls.at(-1)?.keys).toEqual(['{p:budgets}:0:daily:spent', '{p:budgets}:0:daily:held'])
  })

  test('that Redis decided after all changes nothing: how all stands is told anew', async () => {
    const answer = link.suspend()
    link.reply = undefined
    const late = spending.hold([demand(20)])
    answer()
    // The link said in time that nobody knows.
    await late
    link.heal()
    expect(link.said.slice(0, 3)).toEqual(['tell', 0, 20])
  })

  test('a hold that was told as held while it was asked for, and is refused then, is taken back', async () => {
    link.reply = reply({ refused: 1, spent: 95 })
    const answer = link.suspend()
    const refused = spending.hold([demand(20)])
    const told = spending.peek([demand(0)])
    expect(link.said.slice(0, 3)).toEqual(['tell', 0, 20])
    answer()
    expect(await refused).toMatchObject({ allowed: false })
    await told
    expect(link.said.slice(0, 3)).toEqual(['add', 0, -20])
  })

  test('a Redis that has forgotten this gateway is told all at once', async () => {
    link.reply = reply({ known: 0 })
    await spending.settle([change(0, 5)])
    // The first time that is no surprise.
    expect(link.calls).toHaveLength(1)
    await spending.settle([change(0, 1)])
    expect(link.said.slice(0, 3)).toEqual(['tell', 6, 0])
  })
})

describe('the id of a gateway', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'llm-gateway-id-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('stays with the folder of its ledger', async () => {
    const id = await keepGatewayId(folder)
    expect(id).toMatch(/^[\da-f-]{36}$/)
    expect(await keepGatewayId(folder)).toBe(id)
  })

  test('is new where there is no folder, and made anew where the file is broken', async () => {
    expect(await keepGatewayId(undefined)).not.toBe(await keepGatewayId(undefined))
    expect(await keepGatewayId(join(folder, 'missing'))).toMatch(/^[\da-f-]{36}$/)
    writeFileSync(join(folder, 'gateway-id'), 'all=5')
    expect(await keepGatewayId(folder)).toMatch(/^[\da-f-]{36}$/)
  })
})

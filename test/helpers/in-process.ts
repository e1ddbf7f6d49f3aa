import { stringify } from 'yaml'
import { createGateway, type Gateway } from '../../gateway/app.ts'
import type { Ports } from '../../gateway/ports.ts'
import { parseConfig } from '../../gateway/config/load.ts'
import { createMemoryLedger } from '../../gateway/stores/ledger-memory.ts'

/** Both clocks of a gateway in a test's hands: they stand still until told otherwise. */
export interface FakeClock {
  now: () => number
  nowMs: () => number
  advance: (ms: number) => void
}

export interface TestGateway extends Gateway {
  clock: FakeClock
}

/** 2026-01-15 12:00 UTC: far from the edges of an hour, a day and a month. */
const someDay = Date.UTC(2026, 0, 15, 12)

export function createFakeClock(start = someDay): FakeClock {
  let elapsedMs = 0
  return {
    now: () => start + elapsedMs,
    nowMs: () => elapsedMs,
    advance: (ms) => {
      elapsedMs += ms
    },
  }
}

/**
 * The whole gateway in this process, to be asked by `gateway.fastify.inject` or after `listen`: ledger in memory, a clock
 * that stands still, no randomness (so a retry waits 0 ms), no log, nothing of the environment. `config` is gateway.yaml as text or as
 * the object it stands for.
 */
export async function createTestGateway(
  config: string | object = {},
  ports: Partial<Ports> = {},
): Promise<TestGateway> {
  const clock = createFakeClock()
  const text = typeof config === 'string' ? config : stringify({ logging: { level: 'silent' }, ...config })
  const gateway = await createGateway(parseConfig(text, { file: 'gateway.yaml', env: {} }), {
    ledger: createMemoryLedger(),
    now: clock.now,
    nowMs: clock.nowMs,
    random: () => 0,
    env: {},
    ...ports,
  })
  return { ...gateway, clock }
}

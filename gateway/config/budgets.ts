import { z } from 'zod'
import { isTimeZone } from './calendar.ts'

/** USD. The largest is still exact in 1e-9 USD. */
const usd = z
  .number({ error: 'expected an amount in USD, e.g. 5 or 0.50' })
  .min(0.000_001, 'expected an amount in USD of at least 0.000001')
  .max(1_000_000, 'expected an amount in USD of at most 1000000')

const amounts = {
  daily: usd.optional().meta({ description: 'USD from midnight to midnight.' }),
  weekly: usd.optional().meta({ description: 'USD from Monday to Monday.' }),
  monthly: usd.optional().meta({ description: 'USD from the first to the first.' }),
}

const some = z
  .strictObject(amounts)
  .refine(
    ({ daily, weekly, monthly }) => daily !== undefined || weekly !== undefined || monthly !== undefined,
    'give daily, weekly or monthly',
  )

const perName = z.record(z.string().min(1).max(256), some).default({})

const action = z.union(
  [
    z.enum(['block', 'warn']),
    z.strictObject({
      degrade: z.string().min(1).meta({
        description:
          'An alias. The call is answered as if this alias had been asked, and goes on counting; choose one that is cheap or free. `x-gateway-warnings` says so, and the answer is not cached for the model that was asked for.',
      }),
    }),
  ],
  { error: 'expected block, warn or { degrade: ALIAS }' },
)

/** The section `budgets` of gateway.yaml. */
export const budgets = z.strictObject({
  timeZone: z.string().refine(isTimeZone, 'is no time zone; write an IANA name such as Europe/Berlin').optional().meta({
    description:
      'IANA name such as `Europe/Berlin`: days begin at its midnight, weeks on Monday, months on the first. Absent: the one of this machine. The sums of the ledger are of full hours (UTC): where midnight is not at a full hour, a restart also counts the half hour before it.',
  }),
  backend: z.enum(['memory', 'redis']).default('memory').meta({
    description:
      '`memory`: each process counts what it spends itself. `redis`: all gateways on the Redis of `cache.redis` spend from the same budgets. Each needs a data folder of its own, and all the same `timeZone`.',
  }),
  ...amounts,
  perKey: perName.meta({ description: 'Name of a client key -> its amounts; `anonymous` is all clients without one.' }),
  perProvider: perName.meta({
    description:
      'Name of a provider -> its amounts. Where nothing is left the provider is passed over, as one that is down: a call is refused only where no other can answer it.',
  }),
  perFeature: perName.meta({ description: '`x-gateway.metadata.feature` of the calls -> its amounts.' }),
  action: action.default('block').meta({
    description:
      'What becomes of a call that does not fit. `block`: it is refused with `budget_exceeded`, which says which budget it was and until when. `warn`: it goes on, and `x-gateway-warnings` says so. `{ degrade: ALIAS }`: another model answers.',
  }),
  warnAt: z
    .number()
    .gt(0, 'expected a share such as 0.8')
    .max(1, 'expected a share of 1, e.g. 0.8 for 80 %')
    .default(0.8)
    .meta({
      description:
        'Share of a budget from which it is warned, once a period: in the log, as a notification of the desktop app, and by the metric `llm_gateway_budget_spent_ratio`. At 1 (all of it), again.',
    }),
})

export type BudgetsConfig = z.output<typeof budgets>

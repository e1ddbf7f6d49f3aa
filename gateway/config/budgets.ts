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
  [z.enum(['block', 'warn']), z.strictObject({ degrade: z.string().min(1).meta({ description: 'An alias.' }) })],
  { error: 'expected block, warn or { degrade: ALIAS }' },
)

/** The section `budgets` of gateway.yaml. */
export const budgets = z.strictObject({
  timeZone: z
    .string()
    .refine(isTimeZone, 'is no time zone; write an IANA name such as Europe/Berlin')
    .optional()
    .meta({ description: 'IANA name: periods begin at its midnight. Absent: the one of this machine.' }),
  ...amounts,
  perKey: perName.meta({ description: 'Name of a client key, or `anonymous` -> its amounts.' }),
  perProvider: perName.meta({ description: 'Name of a provider -> its amounts.' }),
  perFeature: perName.meta({ description: '`metadata.feature` of the calls -> its amounts.' }),
  action: action.default('block').meta({
    description:
      'What becomes of a call for which nothing is left: refused, or answered as if the alias had been asked.',
  }),
  warnAt: z
    .number()
    .gt(0, 'expected a share such as 0.8')
    .max(1, 'expected a share of 1, e.g. 0.8 for 80 %')
    .default(0.8)
    .meta({ description: 'The share of a budget from which it is warned.' }),
})

export type BudgetsConfig = z.output<typeof budgets>

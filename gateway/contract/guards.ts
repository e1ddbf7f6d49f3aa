import { z } from 'zod'
import { count, name } from './basics.ts'
import { guardFinding } from './traffic.ts'

export const guardChecks = ['prompt-injection', 'secrets', 'pii'] as const
export const guardActions = ['log', 'flag', 'redact', 'block'] as const
export const guardSides = ['request', 'response'] as const

/** The section `guards` of gateway.yaml. They are pattern screening: no wall that somebody who wants through cannot pass. */
export const guardRule = z.strictObject({
  name: z
    .string()
    .max(64)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'use letters, digits, ".", "_" and "-"'),
  check: guardFinding.shape.check,
  /** `redact` does not go with `prompt-injection`. */
  action: guardFinding.shape.action,
  on: z.array(z.enum(guardSides)).min(1).max(2),
  /** Patterns of aliases or models, as clients write them; null: all calls. */
  aliases: z.array(name).min(1).max(100).nullable(),
  /** Names of detectors of the check; null: all that are not optional. */
  detectors: z.array(z.string().max(64)).min(1).max(50).nullable(),
  /** Texts that are nothing to find. */
  allow: z.array(z.string().min(1).max(500)).max(1000),
})
export type GuardRule = z.output<typeof guardRule>

export const guardDetector = z.object({
  name: z.string(),
  label: z.string(),
  description: z.string(),
  /** Not looked for where no guard names it. */
  isOptional: z.boolean(),
})
export type GuardDetector = z.output<typeof guardDetector>

/** Calls in which it found something. */
export const guardCounts = z.object({ guard: z.string(), today: count, week: count })
export type GuardCounts = z.output<typeof guardCounts>

export const guardOverview = z.object({
  guards: z.array(guardRule),
  detectors: z.record(z.enum(guardChecks), z.array(guardDetector)),
  /** One per guard, in their order; `week`: the last seven days. */
  counts: z.array(guardCounts),
  /** So many calls were found to be counted that older ones are missing. */
  countsAreCut: z.boolean(),
})
export type GuardOverview = z.output<typeof guardOverview>

/** `guards` absent: those of the configuration. Aliases and sides do not matter here. */
export const guardTrial = z.strictObject({
  text: z.string().max(20_000),
  guards: z.array(guardRule).max(50).optional(),
})

export const guardTrialResult = z.object({
  /** In the order of the text; offsets in UTF-16 units, `end` exclusive. */
  findings: z.array(
    z.object({
      guard: z.string(),
      check: guardFinding.shape.check,
      action: guardFinding.shape.action,
      detector: z.string(),
      start: count,
      end: count,
    }),
  ),
  /** As it would go on, where a guard redacts; else the text itself. */
  redacted: z.string(),
  /** Names of guards that would refuse it. */
  blockedBy: z.array(z.string()),
})
export type GuardTrialResult = z.output<typeof guardTrialResult>

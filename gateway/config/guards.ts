import { z } from 'zod'
import { checks, type Check } from '../guards/detector.ts'
import { detectors } from '../guards/detectors.ts'
import { name } from './schema-parts.ts'
import { didYouMean } from './spelling.ts'

const guard = z
  .strictObject({
    name: name.max(64).meta({ description: 'Yours; it stands in Traffic, in the log and in headers.' }),
    check: z.enum(checks).meta({ description: 'What is looked for: patterns, not meaning.' }),
    action: z.enum(['log', 'flag', 'redact', 'block']).meta({
      description:
        'What becomes of a call in which something is found: it is only noted; its answer also says so in `x-gateway-guard`; the text is replaced by `[redacted:DETECTOR]`; or it is refused.',
    }),
    on: z
      .array(z.enum(['request', 'response']))
      .min(1)
      .default(['request'])
      .meta({ description: 'Where is looked: in what clients send, in what models answer, or both.' }),
    aliases: z
      .array(z.string().min(1).max(256))
      .min(1)
      .optional()
      .meta({ description: 'Names of aliases or models, as the client writes them, or patterns. Absent: all calls.' }),
    detectors: z
      .array(z.string())
      .min(1)
      .optional()
      .meta({ description: 'Which of the detectors of the check. Absent: all but those that are often wrong.' }),
    allow: z
      .array(z.string().min(1).max(500))
      .max(1000)
      .optional()
      .meta({ description: 'Texts that are nothing to find, such as a public address; case does not matter.' }),
  })
  .check(({ value, issues }) => {
    if (value.check === 'prompt-injection' && value.action === 'redact') {
      const message =
        'cannot be redact with prompt-injection: taking words out of an attack leaves the rest; write log, flag or block'
      issues.push({ code: 'custom', message, path: ['action'], input: value.action })
    }
    for (const [index, each] of (value.detectors ?? []).entries()) {
      const message = unknownDetector(value.check, each)
      if (message !== undefined) issues.push({ code: 'custom', message, path: ['detectors', index], input: each })
    }
  })

/** In words that say what there is; undefined: it is known. */
function unknownDetector(check: Check, detector: string): string | undefined {
  const names = detectors[check].map((each) => each.name)
  if (names.includes(detector)) return undefined
  const owner = checks.find((each) => detectors[each].some((other) => other.name === detector))
  if (owner !== undefined) return `"${detector}" is a detector of ${owner}, not of ${check}`
  return `${check} has no detector "${detector}"${didYouMean(detector, names) || `; there is ${names.join(', ')}`}`
}

/** The section `guards` of gateway.yaml. */
export const guards = z
  .array(guard)
  .max(50)
  .default([])
  .check(({ value, issues }) => {
    for (const [index, { name: own }] of value.entries()) {
      const first = value.findIndex((other) => other.name === own)
      if (first === index) continue
      const message = `the guard name "${own}" is already taken by guards[${first}]`
      issues.push({ code: 'custom', message, path: [index, 'name'], input: own })
    }
  })

export type GuardConfig = z.output<typeof guard>

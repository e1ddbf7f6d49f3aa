import type { Check, Detector } from './detector.ts'
import { injectionDetectors } from './injection.ts'
import { piiDetectors } from './pii.ts'
import { secretDetectors } from './secrets.ts'

/** Everything that can be looked for. The more particular comes first: where two find the same, it has the word. */
export const detectors: Readonly<Record<Check, readonly Detector[]>> = {
  'prompt-injection': injectionDetectors,
  secrets: secretDetectors,
  pii: piiDetectors,
}

/** Those of a guard: the ones it names, or all that are not optional. */
export function detectorsOf(check: Check, names: readonly string[] | undefined): readonly Detector[] {
  return detectors[check].filter(({ name, isOptional }) => names?.includes(name) ?? isOptional !== true)
}

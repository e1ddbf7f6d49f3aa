import type { CallRow } from '../../../gateway/contract.ts'
import type { Tone } from '../../ui/badge.tsx'

/** How a call ended, as a colour of state. */
export const outcomeTones: Record<CallRow['outcome'], Tone> = {
  ok: 'good',
  error: 'bad',
  broken: 'bad',
  aborted: 'neutral',
  refused: 'warn',
}

import type { CallRow } from '../../../gateway/contract.ts'
import { Tokens } from '../../ui/values.tsx'

/** `12.9k / 640`. Of a hit there are none: nobody was asked. */
export function CallTokens({ call }: { call: CallRow }) {
  if (call.attempts === 0 && call.inputTokens === null && call.outputTokens === null) {
    return (
      <span className="text-faint" title="No provider was asked">
        <span aria-hidden>–</span>
        <span className="sr-only">No provider was asked</span>
      </span>
    )
  }
  return (
    <>
      <Tokens count={call.inputTokens} />
      <span className="text-faint"> / </span>
      <Tokens count={call.outputTokens} />
    </>
  )
}

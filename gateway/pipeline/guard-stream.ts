import { isContent, type Emit, type StreamError } from '../chat/event.ts'
import type { Guard } from '../guards/guard.ts'
import { StreamGuard } from '../guards/stream-guard.ts'
import { blockedError } from './guard-blocked.ts'
import { observing } from './observe.ts'
import type { Seen } from './relay.ts'

/**
 * Notes what the provider says in `seen`, and hands on what guards let through. Until something is let through nothing
 * counts as sent: a call may still end with a plain error.
 */
export function guarding(guards: readonly Guard[], seen: Seen, next: Emit): Emit {
  let hasSent = false
  const guard = new StreamGuard(guards, (event) => {
    if (isContent(event)) hasSent = true
    next(event)
  })
  const observe = observing(seen, guard.add)
  return (event) => {
    if (guard.blocked !== undefined) return
    observe(event)
    seen.content = hasSent
    seen.guards = guard.findings.list()
    if (guard.blocked !== undefined) block(seen, blockedError(guard.blocked, 'response'))
  }
}

/** No provider is to blame, and none is asked again. What was produced until here is paid for. */
function block(seen: Seen, { message, type, code, status }: ReturnType<typeof blockedError>): void {
  seen.error = { message, type, code, status, retryable: false } satisfies StreamError
  seen.content = true
  const { outputEstimate, usage } = seen
  // What was counted when the answer began is not what it came to.
  if (usage !== undefined && (usage.output ?? 0) < outputEstimate) {
    seen.usage = { ...usage, output: outputEstimate, estimated: true }
  }
}

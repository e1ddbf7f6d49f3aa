import { isContent, type ChatEvent, type Emit } from '../chat/event.ts'
import { mergeUsage } from '../chat/usage.ts'
import { estimateTokens } from '../models/estimate.ts'
import type { Seen } from './relay.ts'

/** Notes in `seen` what matters of each canonical event, then hands it on. */
export function observing(seen: Seen, next: Emit | undefined): Emit {
  return (event: ChatEvent) => {
    if (!seen.content && isContent(event)) seen.content = true
    switch (event.type) {
      case 'start':
        seen.about ??= event
        break
      case 'text-delta':
      case 'reasoning-delta':
        seen.outputEstimate += estimateTokens(event.text)
        break
      case 'tool-delta':
        seen.outputEstimate += estimateTokens(event.arguments)
        break
      case 'usage':
        seen.usage = mergeUsage(seen.usage, event.usage)
        break
      case 'finish':
        if (event.reason.unified !== 'error') seen.finished = true
        ;(seen.finishes ??= []).push(event.reason.raw ?? event.reason.unified)
        break
      case 'error':
        seen.error ??= event.error
        break
    }
    next?.(event)
  }
}

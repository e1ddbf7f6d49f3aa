import { emptyConversation, stop, type Conversation } from './conversation.ts'

/** The conversation outlives the page and a reload of the window, not its closing: it may be private. */

const storageKey = 'playground'

/** What was coming when the window was reloaded does not come any more. */
export function readConversation(storage: Pick<Storage, 'getItem'>): Conversation {
  try {
    const kept: unknown = JSON.parse(storage.getItem(storageKey) ?? 'null')
    if (typeof kept !== 'object' || kept === null || !('turns' in kept) || !Array.isArray(kept.turns)) {
      return emptyConversation
    }
    return stop({ ...emptyConversation, ...(kept as Partial<Conversation>) })
  } catch {
    return emptyConversation
  }
}

export function keepConversation(storage: Pick<Storage, 'setItem'>, conversation: Conversation): void {
  try {
    storage.setItem(storageKey, JSON.stringify(conversation))
  } catch {
    // Larger than the storage takes: it is still here until the window is reloaded.
  }
}

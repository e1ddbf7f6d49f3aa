import { asFailure, type Client } from '../../client/client.ts'
import {
  ask,
  askAgain,
  cannotSend,
  fail,
  receive,
  runningIds,
  sendInput,
  sides,
  stop,
  type Conversation,
  type Side,
} from './conversation.ts'
import { keepConversation, readConversation } from './kept-conversation.ts'

/** The conversation and the calls that go on in it, whether or not somebody looks at the page. */
export interface PlaygroundStore {
  read: () => Conversation
  subscribe: (listener: () => void) => () => void
  change: (change: (conversation: Conversation) => Conversation) => void
  send: () => void
  /** One answer of the last turn once more. */
  sendAgain: (side: Side) => void
  stop: () => void
}

/** Writing while an answer streams would be for every token. */
const keepAfterMs = 400

export interface StorePorts {
  client: Client
  storage: Pick<Storage, 'getItem' | 'setItem'>
  newId: () => string
}

export function createPlaygroundStore({ client, storage, newId }: StorePorts): PlaygroundStore {
  let conversation = readConversation(storage)
  let timer: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()

  function set(next: Conversation): void {
    if (next === conversation) return
    conversation = next
    for (const listener of listeners) listener()
    timer ??= setTimeout(() => {
      timer = undefined
      keepConversation(storage, conversation)
    }, keepAfterMs)
  }

  /** Sends for the answers of the last turn that have just begun. */
  function sendFor(ids: ReadonlySet<string>): void {
    const turn = conversation.turns.length - 1
    for (const side of sides) {
      const input = sendInput(conversation, turn, side)
      if (input === undefined || !ids.has(input.id)) continue
      client.call('playground.send', input).catch((thrown: unknown) => {
        const { code, message, hint, field } = asFailure(thrown)
        set(fail(conversation, input.id, { code, message, hint, field }))
      })
    }
  }

  client.on('playground', (piece) => set(receive(conversation, piece)))
  return {
    read: () => conversation,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    change: (change) => set(change(conversation)),
    send() {
      if (cannotSend(conversation) !== undefined) return
      set(ask(conversation, newId))
      sendFor(new Set(runningIds(conversation)))
    },
    sendAgain(side) {
      const before = new Set(runningIds(conversation))
      set(askAgain(conversation, side, newId))
      sendFor(new Set(runningIds(conversation).filter((id) => !before.has(id))))
    },
    stop() {
      const ids = runningIds(conversation)
      set(stop(conversation))
      // That it has already ended is no news.
      for (const id of ids) void client.call('playground.stop', { id }).catch(() => undefined)
    },
  }
}

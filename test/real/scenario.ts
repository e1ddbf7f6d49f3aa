import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import type { Family, ProviderName } from '../helpers/four-providers.ts'
import type { Play } from '../helpers/upstream-exchange.ts'

export type Request = Omit<ChatCompletionCreateParamsNonStreaming, 'model' | 'stream'>

/** One thing a client can ask for: what is sent, what each native dialect must then carry, what comes back. */
export interface Scenario {
  name: string
  request: Request
  play: Play
  /** Part of the upstream's body, after `normalBody`. */
  seen: Record<Family, object>
  /** Part of the SDK's ChatCompletion, whole as streamed. */
  reply: object | Record<Family, object>
  providers?: readonly ProviderName[]
}

/** The least one can ask. */
export const hi: Request = { messages: [{ role: 'user', content: 'Hi' }] }

/** The usual shape of a reply, as a part to match. */
export function says(content: string, finish = 'stop'): object {
  return { choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', content } }] }
}

import type { JsonObject } from '../../gateway/chat/json.ts'
import type { ScriptedCall, ScriptedUsage } from '../helpers/scripted-answer.ts'
import type { ScriptedDialectId } from '../helpers/scripted-dialect.ts'

/** A vendor's library, unmodified, as its users use it. One file each; what differs between libraries stays in there. */
export interface Sdk {
  /** As the tables name it. */
  name: string
  /** npm packages whose versions the tables tell. */
  packages: string[]
  /** What it speaks. */
  dialect: ScriptedDialectId
  /** What its users cannot ask for at all, and why. */
  lacks: Partial<Record<Lack, string>>
  /** What becomes of thinking in it; absent: it shows it and sends it back. */
  thoughts?: Thoughts
  open(reach: Reach): Session
}

export interface Thoughts {
  shown: boolean
  returned: boolean
}

/** Things that not every library can ask for. */
export type Lack = 'stop-sequences' | 'required-tools' | 'models' | 'count'

/** Where the library is pointed, as a user would point it. */
export interface Reach {
  /** `http://127.0.0.1:PORT`, without a path: how the path begins is the library's own business. */
  url: string
  model: string
}

export interface Session {
  ask(ask: Ask): Promise<Answered>
  /** Ids of the models. */
  models?: () => Promise<string[]>
  /** How many tokens a text is. */
  count?: (text: string) => Promise<number | undefined>
  /** What its error says to a program. */
  explain(error: unknown): Explained
}

/** One question, in no library's words. */
export interface Ask {
  stream: boolean
  text: string
  system?: string
  /** PNG in base64. */
  image?: string
  /** PDF in base64. */
  file?: string
  /** Offer the tools `weather` and `clock`; `required`: one has to be called. */
  tools?: true | 'required'
  /** Want the `report` schema. */
  schema?: boolean
  stop?: string[]
  maxTokens?: number
  /** Want the model to think, and show it. */
  think?: boolean
  signal?: AbortSignal
  /** Called with every piece of text that a stream brings. */
  onPiece?: (text: string) => void
}

export interface Answered {
  facts: Facts
  /**
   * Goes on as the library's users do: its own answer goes back, with the results of its calls in their order, or with
   * the user's next words. `model`: another one than before.
   */
  goOn(next: Next, model?: string): Promise<Answered>
}

export type Next = { results: string[] } | { text: string }

/** What the library told its user. */
export interface Facts {
  text: string
  thinking: string
  calls: ScriptedCall[]
  /** In the script's words; a library's unknown word as it is. */
  finish: string
  usage: ScriptedUsage
  /** The structured output, parsed by the library. */
  object: JsonObject | undefined
}

export interface Explained {
  status: number | undefined
  message: string
  /** The dialect's word for the kind of error: `rate_limit_error`, `RESOURCE_EXHAUSTED`. */
  kind: string | undefined
  /** As far as the library shows it. */
  retryAfterSeconds: number | undefined
}

/** The library's words for why an answer ended -> the script's. */
export function finishIn(words: Record<string, string>, word: string | null | undefined): string {
  return words[String(word)] ?? String(word)
}

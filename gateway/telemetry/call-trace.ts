/** The open spans of a call; what the pipeline needs of them while it runs. */
export interface CallTrace {
  /** Begins the span of an attempt (counted from 1), and gives the headers that name it to the provider. */
  attempt(number: number, target: TracedTarget): Record<string, string>
  /** The answer is wanted whole, for the span. */
  readonly keepsContent: boolean
}

/** Who is asked. */
export interface TracedTarget {
  model: string
  dialect: { id: string }
  endpoint: { origin: string }
  provider: { name: string; row: { id: string; genAiName?: string } }
}

/** The request as HTTP has it. */
export interface RequestLine {
  method: string
  /** The template: `/v1/messages`, `/v1beta/models/*`. */
  route: string
  /** Without the query, where keys may stand. */
  path: string
}

/** A call when it begins. */
export interface CallStart {
  headers: Record<string, string | string[] | undefined>
  /** Absent: it came by a socket, or from the gateway's own window. */
  requestLine?: RequestLine | undefined
  callId: string
  /** The client's, e.g. `openai-chat`. */
  dialect: string
  /** Milliseconds since 1970. */
  startedAt: number
}

/** What came of a call. */
export interface CallEnd {
  durationMs: number
  /** What the client got. */
  status: number
  errorCode: string | undefined
  requestedModel: string
  alias: string | undefined
  key: string | undefined
  feature: string | undefined
  stream: boolean
  cache: string
  attempts: number
  /** 1e-9 USD; undefined = some price is unknown. */
  costNanoUsd: number | undefined
  savedNanoUsd: number | undefined
}

/** What came of an attempt. */
export interface AttemptEnd {
  number: number
  target: TracedTarget
  /** Milliseconds since 1970. */
  startedAt: number
  durationMs: number
  firstTokenMs: number | undefined
  stream: boolean
  isFinal: boolean
  outcome: 'ok' | 'error' | 'aborted' | 'broken' | 'refused'
  status: number | undefined
  errorCode: string | undefined
  tokens: Tokens
  /** 1e-9 USD; undefined = the price is unknown. */
  costNanoUsd: number | undefined
  /** The knobs of the request, by the conventions' names. */
  request: Attributes
  response: ResponseFacts
  /** Prompts and answers, by the conventions' names; only where they are wanted. */
  content: Attributes
}

/** undefined = the provider did not say. */
export interface Tokens {
  input: number | undefined
  output: number | undefined
  cacheRead: number | undefined
  cacheWrite: number | undefined
  reasoning: number | undefined
  inputAudio: number | undefined
  outputAudio: number | undefined
  /** The gateway counted. */
  estimated: boolean
}

export interface ResponseFacts {
  id?: string | undefined
  model?: string | undefined
  finishReasons?: string[] | undefined
}

export type Attributes = Record<string, string | number | boolean | string[] | undefined>

import type { JsonObject } from './json.ts'

/**
 * The canonical chat request: what every dialect reads into and writes from.
 * A member that is `undefined` was not given by the client; nothing here has a default.
 */
export interface ChatRequest {
  model: string
  messages: Message[]
  stream: boolean
  tools?: Tool[]
  /** Tools that the provider runs by itself. */
  hostedTools?: HostedTool[]
  toolChoice?: ToolChoice
  parallelToolCalls?: boolean
  output?: OutputFormat
  /** Upper bound of generated tokens, reasoning included. */
  maxOutputTokens?: number
  temperature?: number
  topP?: number
  topK?: number
  stop?: string[]
  seed?: number
  presencePenalty?: number
  frequencyPenalty?: number
  /** `top` = how many alternatives per token (0-20). */
  logprobs?: { top?: number }
  /** How many choices (OpenAI `n`, Gemini `candidateCount`). */
  count?: number
  reasoning?: Reasoning
  verbosity?: string
  serviceTier?: string
  /** Requests with the same key find each other's prompt cache (OpenAI `prompt_cache_key`); a hint, never missed. */
  promptCacheKey?: string
  /** Stable id of the end user (OpenAI `safety_identifier`/`user`, Anthropic `metadata.user_id`). */
  user?: string
  /** Names of members that this dialect knows and the canonical form does not carry; reported when translated. */
  uncarried?: string[]
}

export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'

export interface Reasoning {
  effort?: Effort
  /** Tokens to think with, where the client's dialect counts them (Anthropic, Gemini). */
  budgetTokens?: number
  /** The model decides by itself how much to think (Anthropic `adaptive`, Gemini's budget of -1). */
  adaptive?: boolean
  /** How the thoughts are told (OpenAI Responses `reasoning.summary`): `auto`, `concise`, `detailed`. */
  summary?: string
  /** false: the client does not want to see the reasoning text. */
  visible?: boolean
}

export type OutputFormat =
  | { type: 'text' }
  | { type: 'json' }
  | { type: 'json-schema'; name: string; description?: string; schema: JsonObject; strict?: boolean }

export interface Tool {
  /** Unique among the tools; what the model sees where a dialect knows neither namespaces nor custom tools. */
  name: string
  /**
   * A tool whose input is free text (OpenAI `custom`), not JSON. Where a dialect has only functions it is one with the
   * single string parameter `input`; `format` is the grammar, which only OpenAI checks.
   */
  custom?: { format?: JsonObject }
  /** The client's own group and name of the tool, where they differ from `name` (OpenAI Responses `namespace`). */
  namespace?: { name: string; tool: string }
  description?: string
  /** JSON Schema of the arguments. `undefined` = a tool without arguments. */
  parameters?: JsonObject
  strict?: boolean
  cacheControl?: CacheControl
}

/**
 * A tool that the provider runs. One without a `kind` only exists in the client's dialect; a dialect that cannot say a
 * tool reports it as lost.
 */
export interface HostedTool {
  kind?: 'web-search' | 'web-fetch' | 'code-execution'
  /** The client's name of it, for people: `web_search_20250305`. */
  name: string
  maxUses?: number
  allowedDomains?: string[]
  blockedDomains?: string[]
  /** As Anthropic and OpenAI have it: `{ type: 'approximate', city, region, country, timezone }`. */
  userLocation?: JsonObject
}

/** `tools`: the subset the model may choose from (OpenAI `allowed_tools`). */
export type ToolChoice =
  | { type: 'auto'; tools?: string[] }
  | { type: 'none' }
  | { type: 'required'; tools?: string[] }
  | { type: 'tool'; name: string }

/** A prompt-caching mark (Anthropic `cache_control`); everything up to and including the marked part is cached. */
export interface CacheControl {
  ttl?: '5m' | '1h'
}

export type Message =
  | { role: 'system'; developer?: boolean; parts: TextPart[] }
  | { role: 'user'; name?: string; parts: UserPart[] }
  | { role: 'assistant'; name?: string; parts: AssistantPart[] }
  | ToolMessage

/** The result of one tool call; dialects that group results (Anthropic) regroup consecutive ones. */
export interface ToolMessage {
  role: 'tool'
  callId: string
  /** The function's name where the dialect tells it (Gemini needs it: see the call with the same id otherwise). */
  name?: string
  parts: UserPart[]
  isError?: boolean
  cacheControl?: CacheControl
}

export type UserPart = TextPart | ImagePart | FilePart | AudioPart
export type AssistantPart = TextPart | ReasoningPart | ToolCallPart | RefusalPart

export interface TextPart {
  type: 'text'
  text: string
  cacheControl?: CacheControl
}

/** Where bytes are: in the message (base64, no `data:` prefix), at a URL, or at the provider under an id. */
export type Source =
  | { type: 'base64'; mediaType: string; data: string }
  | { type: 'url'; url: string }
  | { type: 'id'; id: string }

export interface ImagePart {
  type: 'image'
  source: Source
  detail?: string
  cacheControl?: CacheControl
}

export interface FilePart {
  type: 'file'
  source: Source
  filename?: string
  cacheControl?: CacheControl
}

export interface AudioPart {
  type: 'audio'
  /** `wav`, `mp3`, ... as OpenAI names it. */
  format: string
  /** base64 */
  data: string
}

/**
 * Thinking that an earlier answer contained. Signed or redacted thinking is only valid where it came from:
 * it is sent back byte-exact to the same provider and model, and left out for any other, which would refuse it.
 */
export interface ReasoningPart {
  type: 'reasoning'
  text: string
  signature?: string
  /** Encrypted thinking without text (Anthropic `redacted_thinking.data`). */
  redacted?: string
  origin?: Origin
}

export interface Origin {
  provider: string
  model: string
}

export interface ToolCallPart {
  type: 'tool-call'
  id: string
  name: string
  /** JSON text, as the model wrote it; may be '' for a call without arguments. Of a custom tool `{"input": "..."}`. */
  arguments: string
  /** Gemini's thought signature of this call. */
  signature?: string
  origin?: Origin
}

export interface RefusalPart {
  type: 'refusal'
  text: string
}

/** Something the target's dialect or model cannot express. A knob is only reported; content stops the call (400). */
export interface Warning {
  /** The client's name of the member, e.g. `logit_bias` or `messages[2].content[0]`. */
  feature: string
  reason: string
}

/** A value made by translation, with what was lost on the way. */
export interface Loss<T> {
  value: T
  warnings: Warning[]
}

export type { JsonObject }

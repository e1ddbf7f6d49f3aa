import { asObject, isObject, type Json, type JsonObject } from '../../chat/json.ts'
import { estimateTokens } from '../../models/estimate.ts'

/** An image of ordinary size (width x height / 750, at most about 1,600). */
const imageTokens = 1500

/** Three pages of PDF, each of text and picture (https://platform.claude.com/docs/en/build-with-claude/pdf-support). */
const documentTokens = 6000

/** What Anthropic puts before the first tool (https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview). */
const toolUseTokens = 346

/** The frame of one message. */
const messageTokens = 3

/**
 * Tokens of a Messages request, estimated: by the length of its texts, with a constant for every image and document,
 * since no tokenizer of Anthropic's is public and other providers count in ways of their own. Good for showing how full
 * a context is, not for billing.
 */
export function estimateMessages(body: JsonObject): number {
  const messages = Array.isArray(body['messages']) ? body['messages'] : []
  const tools = Array.isArray(body['tools']) ? body['tools'] : []
  const perMessage = messages.map((message) => messageTokens + contentTokens(asObject(message)?.['content']))
  const perTool = tools.map((tool) => jsonTokens(tool))
  return contentTokens(body['system']) + sum(perMessage) + (tools.length === 0 ? 0 : toolUseTokens) + sum(perTool)
}

function contentTokens(content: Json | undefined): number {
  if (typeof content === 'string') return estimateTokens(content)
  return Array.isArray(content) ? sum(content.map((block) => (isObject(block) ? blockTokens(block) : 0))) : 0
}

type BlockCounter = (block: JsonObject) => number

const counters: Record<string, BlockCounter> = {
  text: ({ text }) => contentTokens(text),
  thinking: ({ thinking }) => contentTokens(thinking),
  redacted_thinking: () => 0,
  image: () => imageTokens,
  document: ({ source, title, context }) =>
    contentTokens(title) + contentTokens(context) + sourceTokens(asObject(source) ?? {}),
  tool_result: ({ content }) => contentTokens(content),
  search_result: ({ title, source, content }) => contentTokens(title) + contentTokens(source) + contentTokens(content),
}

function blockTokens(block: JsonObject): number {
  const type = typeof block['type'] === 'string' ? block['type'] : ''
  const count = Object.hasOwn(counters, type) ? counters[type] : undefined
  return count === undefined ? jsonTokens(block) : count(block)
}

function sourceTokens({ type, data, content }: JsonObject): number {
  if (type === 'text') return contentTokens(data)
  return type === 'content' ? contentTokens(content) : documentTokens
}

/** Calls, tools and blocks of server-side tools: as JSON, names of members included, without what no model reads. */
function jsonTokens(value: Json): number {
  const text = JSON.stringify(value, (key, member: Json) => (unread.has(key) ? undefined : member))
  return estimateTokens(text ?? '')
}

const unread = new Set(['cache_control', 'signature', 'encrypted_content', 'encrypted_index', 'tool_use_id'])

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

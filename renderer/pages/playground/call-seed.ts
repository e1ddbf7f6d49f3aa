import type { CallDetail } from '../../../gateway/contract.ts'
import type { Conversation, Turn } from './conversation.ts'

/** What of a recorded call the playground can take over, and what it must leave out. */
export interface CallSeed {
  conversation: Pick<Conversation, 'system' | 'temperature' | 'maxTokens' | 'turns' | 'draft'> & { model: string }
  /** In words; undefined: everything was taken over. */
  leftOut: string | undefined
}

/** Reads the formats of clients (OpenAI chat, responses, Anthropic); the last question becomes the draft. */
export function seedFrom({ call, request, truncated }: CallDetail): CallSeed {
  const model = call.requestedModel
  const nothing = { model, system: '', temperature: null, maxTokens: null, turns: [], draft: '' }
  if (request === null)
    return {
      conversation: nothing,
      leftOut: 'Its request was not kept (capture is off): only the model was taken over.',
    }
  const body = truncated ? undefined : parse(request)
  if (body === undefined) {
    const why = truncated ? 'Its request was too long to be kept whole' : 'Its request could not be read'
    return { conversation: nothing, leftOut: `${why}: only the model was taken over.` }
  }
  const messages = messagesOf(body)
  const { turns, draft, isWhole } = turnsOf(messages, model)
  const hasTools = Array.isArray(body['tools']) && body['tools'].length > 0
  const missing = [hasTools ? 'tools' : '', isWhole ? '' : 'images, files or tool calls'].filter((part) => part !== '')
  return {
    conversation: {
      model,
      system: systemOf(body, messages),
      temperature: numberOf(body['temperature'], 0, 2),
      maxTokens: numberOf(
        body['max_tokens'] ?? body['max_completion_tokens'] ?? body['max_output_tokens'],
        1,
        1_000_000,
      ),
      turns,
      draft,
    },
    leftOut:
      missing.length === 0 ? undefined : `The playground sends text only: ${missing.join(' and ')} were left out.`,
  }
}

type Json = Record<string, unknown>

interface SaidMessage {
  role: string
  text: string
  isWhole: boolean
}

function messagesOf(body: Json): SaidMessage[] {
  const input = body['messages'] ?? body['input'] ?? body['prompt']
  if (typeof input === 'string') return [{ role: 'user', text: input, isWhole: true }]
  return Array.isArray(input) ? input.filter(isObject).map(readMessage) : []
}

function readMessage({ role, content, tool_calls }: Json): SaidMessage {
  const name = typeof role === 'string' ? role : 'other'
  if (typeof content === 'string') return { role: name, text: content, isWhole: tool_calls === undefined }
  const parts = Array.isArray(content) ? content.filter(isObject) : []
  const texts = parts.flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
  return { role: name, text: texts.join('\n'), isWhole: texts.length === parts.length && tool_calls === undefined }
}

function systemOf(body: Json, messages: readonly SaidMessage[]): string {
  const own = body['system'] ?? body['instructions']
  const inMessages = messages.filter(({ role }) => role === 'system' || role === 'developer').map(({ text }) => text)
  const first = own === undefined ? [] : [readMessage({ content: own }).text]
  return [...first, ...inMessages].filter((text) => text !== '').join('\n\n')
}

/** Questions with what was answered; the last question is to be asked again. */
function turnsOf(messages: readonly SaidMessage[], model: string): { turns: Turn[]; draft: string; isWhole: boolean } {
  const turns: Turn[] = []
  let draft = ''
  for (const [index, { role, text }] of messages.entries()) {
    if (role === 'user') draft = draft === '' ? text : `${draft}\n\n${text}`
    if (role !== 'assistant' || text === '' || draft === '') continue
    const answer = { id: `taken ${index}`, model, state: 'done', text, reasoning: '', error: null, end: null } as const
    turns.push({ question: draft, answers: { left: answer } })
    draft = ''
  }
  const isKnown = ({ role }: SaidMessage) => ['system', 'developer', 'user', 'assistant'].includes(role)
  return { turns, draft, isWhole: messages.every((message) => message.isWhole && isKnown(message)) }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(json: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** What the playground itself would not send is not taken over. */
function numberOf(value: unknown, least: number, most: number): number | null {
  return typeof value === 'number' && value >= least && value <= most ? value : null
}

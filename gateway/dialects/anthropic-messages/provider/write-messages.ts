import type { JsonObject, Message } from '../../../chat/request.ts'
import { writeAssistantParts } from './write-assistant.ts'
import type { WriteContext } from './write-context.ts'
import { writeToolResult, writeUserParts } from './write-user.ts'

export interface Turn {
  role: 'user' | 'assistant'
  content: JsonObject[]
}

/** Messages alternates turns; everything of one side that comes together is one turn. */
export function writeTurns(messages: Message[], context: WriteContext): Turn[] {
  const turns: Turn[] = []
  for (const [index, message] of messages.entries()) {
    const turn = writeMessage(message, `messages[${index}]`, context)
    if (turn === undefined || turn.content.length === 0) continue
    const last = turns.at(-1)
    // One by one: as arguments, a hundred thousand would overflow the stack.
    if (last?.role === turn.role) for (const block of turn.content) last.content.push(block)
    else turns.push(turn)
  }
  return beginWithUser(turns.map(arrange), context).map(trimPrefill)
}

function writeMessage(message: Message, at: string, context: WriteContext): Turn | undefined {
  if ('name' in message && message.name !== undefined && message.role !== 'tool')
    context.warn(`${at}.name`, 'Anthropic Messages has no names of participants')
  if (message.role === 'system') return undefined
  if (message.role === 'assistant')
    return { role: 'assistant', content: writeAssistantParts(message.parts, at, context) }
  if (message.role === 'tool') return { role: 'user', content: [writeToolResult(message, at, context)] }
  return { role: 'user', content: writeUserParts(message.parts, at, context) }
}

/**
 * All results of a turn's calls come first in the next user turn, else "tool_use ids were found without tool_result
 * blocks immediately after". Thinking comes first in an assistant turn; where it already does, later thinking keeps its
 * place between the other blocks (interleaved thinking may not be moved).
 */
function arrange(turn: Turn): Turn {
  if (turn.role === 'user') return { ...turn, content: withFirst(turn.content, isToolResult) }
  const [first] = turn.content
  return first !== undefined && isThinking(first) ? turn : { ...turn, content: withFirst(turn.content, isThinking) }
}

function withFirst(content: JsonObject[], isFirst: (block: JsonObject) => boolean): JsonObject[] {
  return [...content.filter((block) => isFirst(block)), ...content.filter((block) => !isFirst(block))]
}

function isToolResult(block: JsonObject): boolean {
  return block['type'] === 'tool_result'
}

function isThinking(block: JsonObject): boolean {
  return block['type'] === 'thinking' || block['type'] === 'redacted_thinking'
}

/** Conversations of system messages only, or that open with the assistant, are legal elsewhere (LiteLLM fills in too). */
function beginWithUser(turns: Turn[], context: WriteContext): Turn[] {
  if (turns[0]?.role === 'user') return turns
  context.warn('messages', 'Anthropic Messages begins with a user turn: one with the text "." was put first')
  return [{ role: 'user', content: [{ type: 'text', text: '.' }] }, ...turns]
}

/**
 * A last assistant turn is continued by the model (models that refuse this say so themselves), but may not end in
 * white space: "final assistant content cannot end with trailing whitespace".
 */
function trimPrefill(turn: Turn, index: number, turns: Turn[]): Turn {
  const block = turn.content.at(-1)
  if (turn.role !== 'assistant' || index !== turns.length - 1 || typeof block?.['text'] !== 'string') return turn
  return { ...turn, content: [...turn.content.slice(0, -1), { ...block, text: block['text'].trimEnd() }] }
}

/**
 * Whether the model is to go on after calls that carry no thinking. What follows the last turn of the user's own is one
 * turn to Anthropic, however many rounds of calls it has, and only its beginning must show the thinking.
 */
export function continuesUnthought(turns: Turn[]): boolean {
  const lastOwn = turns.findLastIndex((turn) => turn.role === 'user' && !turn.content.some(isToolResult))
  const rounds = turns.slice(lastOwn + 1).filter((turn) => turn.role === 'assistant')
  const hasCalls = rounds.some((turn) => turn.content.some((block) => block['type'] === 'tool_use'))
  return hasCalls && !rounds.some((turn) => turn.content.slice(0, 1).some(isThinking))
}

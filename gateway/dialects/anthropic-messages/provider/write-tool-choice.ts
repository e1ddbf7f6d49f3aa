import type { ChatRequest, JsonObject, ToolChoice } from '../../../chat/request.ts'
import type { WriteContext } from './write-context.ts'

/** `undefined`: not sent, which means auto; without tools it would be a 400. */
export function writeToolChoice(
  request: ChatRequest,
  { isThinking, toolCount }: { isThinking: boolean; toolCount: number },
  context: WriteContext,
): JsonObject | undefined {
  if (toolCount === 0) return undefined
  // Those that were once called are only defined, and tools that Anthropic does not have are not there.
  const { tools = [], hostedTools = [] } = request
  const isOffered = tools.length > 0 || hostedTools.some(({ kind }) => kind !== undefined)
  if (!isOffered || request.toolChoice?.type === 'none') return { type: 'none' }
  const choice = softened(request.toolChoice, isThinking, context)
  // Parallel calls are Anthropic's default, as they are OpenAI's.
  const parallel = request.parallelToolCalls === false ? { disable_parallel_tool_use: true } : {}
  if (choice === undefined) return request.parallelToolCalls === false ? { type: 'auto', ...parallel } : undefined
  return { ...writeChoice(choice), ...parallel }
}

function writeChoice(choice: ToolChoice): JsonObject {
  if (choice.type === 'tool') return { type: 'tool', name: choice.name }
  return { type: choice.type === 'required' ? 'any' : choice.type }
}

/** "Thinking may not be enabled when tool_choice forces tool use", and some models refuse to be forced at all. */
function softened(choice: ToolChoice | undefined, isThinking: boolean, context: WriteContext): ToolChoice | undefined {
  if (choice?.type !== 'tool' && choice?.type !== 'required') return choice
  const isRefused = context.target.facts.forcedToolChoice === false
  if (!isRefused && !isThinking) return choice
  context.warn(
    'tool_choice',
    `a call cannot be forced ${isRefused ? 'on this model' : 'while thinking'}: auto is asked`,
  )
  return { type: 'auto' }
}

import type { ChatRequest, JsonObject, Loss } from '../../../chat/request.ts'
import type { WriteTarget } from '../../dialect.ts'
import { newContext } from './write-context.ts'
import { refuseKnobs, writeServiceTier, writeStop } from './write-knobs.ts'
import { continuesUnthought, writeTurns } from './write-messages.ts'
import { writeOutputConfig } from './write-output.ts'
import { writeSampling } from './write-sampling.ts'
import { writeSystem } from './write-system.ts'
import { planThinking } from './write-thinking.ts'
import { writeToolChoice } from './write-tool-choice.ts'
import { writeTools } from './write-tools.ts'

export function writeRequest(request: ChatRequest, target: WriteTarget): Loss<JsonObject> {
  const context = newContext(target)
  refuseKnobs(request, context)
  // In the order the prompt cache sees them, which is the order that cache marks are counted in.
  const tools = writeTools(request, context)
  const system = writeSystem(request, context)
  const messages = writeTurns(request.messages, context)
  const { maxTokens, isThinking, thinking, effort } = planThinking(request, continuesUnthought(messages), context)
  const toolChoice = writeToolChoice(request, { isThinking, toolCount: tools.length }, context)
  const value: JsonObject = {
    model: target.model,
    max_tokens: maxTokens,
    ...(system.length === 0 ? {} : { system }),
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(tools.length === 0 ? {} : { tools }),
    ...(toolChoice === undefined ? {} : { tool_choice: toolChoice }),
    ...(thinking === undefined ? {} : { thinking }),
    ...writeOutputConfig(request, effort, context),
    ...writeSampling(request, isThinking, context),
    ...writeStop(request.stop, context),
    ...writeServiceTier(request.serviceTier, context),
    ...(request.user === undefined ? {} : { metadata: { user_id: request.user } }),
    ...(request.stream ? { stream: true } : {}),
  }
  return { value, warnings: context.warnings }
}

import { given } from '../../../gateway/chat/given.ts'
import type { AssistantPart, ChatRequest, Message, UserPart } from '../../../gateway/chat/request.ts'
import { answerTokens, type DeclaredLoss, without } from './kinds.ts'

/** Efforts and budgets are two ways to say the same. */
export function reasoning(
  what: string,
  told: RegExp | 'same',
  reason: string,
  change: (wanted: Wanted, request: ChatRequest) => Wanted | undefined,
): DeclaredLoss {
  return {
    what,
    told,
    reason,
    rest: (request) => ({
      ...without(request, 'reasoning'),
      ...given({ reasoning: request.reasoning === undefined ? undefined : change(request.reasoning, request) }),
    }),
  }
}

type Wanted = NonNullable<ChatRequest['reasoning']>

/** undefined where nothing is left. */
export function some(wanted: Wanted): Wanted | undefined {
  return Object.keys(wanted).length === 0 ? undefined : wanted
}

/** Anthropic counts thinking towards the limit of tokens, which must leave room for it. */
export function isRaised(request: ChatRequest): boolean {
  const { effort, adaptive, budgetTokens } = request.reasoning ?? {}
  const isBudget = effort === undefined && adaptive !== true && budgetTokens !== undefined
  return isBudget && !isUnthought(request) && (request.maxOutputTokens ?? answerTokens) <= budgetTokens
}

/** Anthropic thinks in this call: then sampling is fixed and no call can be forced. */
export function thinks({ reasoning: wanted = {}, ...request }: ChatRequest): boolean {
  if (wanted.effort === 'none') return false
  if (wanted.effort !== undefined || wanted.adaptive === true) return true
  return wanted.budgetTokens !== undefined && !isUnthought(request)
}

/** What follows the user's last own turn is one turn to Anthropic, and must begin with thinking if the model is to think. */
export function isUnthought({ messages }: Pick<ChatRequest, 'messages'>): boolean {
  const turns: Message[][] = []
  const sideOf = ({ role }: Message): string => (role === 'assistant' ? 'assistant' : 'user')
  for (const message of messages.filter(
    ({ role, parts: all }) => role !== 'system' && (all.length > 0 || role === 'tool'),
  )) {
    const last = turns.at(-1)
    if (last?.[0] !== undefined && sideOf(last[0]) === sideOf(message)) last.push(message)
    else turns.push([message])
  }
  const lastOwn = turns.findLastIndex((turn) => turn.every(({ role }) => role === 'user'))
  const rounds = turns.slice(lastOwn + 1).filter((turn) => turn[0]?.role === 'assistant')
  const said = rounds.map((turn) => turn.flatMap((message): (UserPart | AssistantPart)[] => message.parts))
  return (
    said.some((all) => all.some(({ type }) => type === 'tool-call')) &&
    !said.some((all) => all[0]?.type === 'reasoning')
  )
}

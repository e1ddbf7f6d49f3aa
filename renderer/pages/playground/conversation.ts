import type { CallError, EventData, MethodInput } from '../../../gateway/contract.ts'

/** What is asked and answered in the playground. Plain data, so that it can be kept and tested. */

export const sides = ['left', 'right'] as const
export type Side = (typeof sides)[number]

export interface Conversation {
  /** Models to ask. `right` only counts while comparing. */
  models: Record<Side, string | null>
  isComparing: boolean
  system: string
  /** null: the model's own. */
  temperature: number | null
  maxTokens: number | null
  useCache: boolean
  turns: readonly Turn[]
  /** Being typed. */
  draft: string
}

export interface Turn {
  question: string
  answers: Partial<Record<Side, Answer>>
}

export type AnswerEnd = NonNullable<EventData<'playground'>['end']>

export interface Answer {
  /** Of `playground.send`. */
  id: string
  /** Asked for. */
  model: string
  state: 'running' | 'done' | 'failed' | 'stopped'
  text: string
  reasoning: string
  error: CallError | null
  /** Where it came from and what it cost; null until it has ended. */
  end: AnswerEnd | null
}

export const emptyConversation: Conversation = {
  models: { left: null, right: null },
  isComparing: false,
  system: '',
  temperature: null,
  maxTokens: null,
  useCache: true,
  turns: [],
  draft: '',
}

export function sidesOf({ isComparing }: Conversation): readonly Side[] {
  return isComparing ? sides : ['left']
}

/** Ids of answers that are still coming. */
export function runningIds({ turns }: Conversation): string[] {
  return turns.flatMap(({ answers }) =>
    Object.values(answers).flatMap(({ id, state }) => (state === 'running' ? [id] : [])),
  )
}

/** The contract takes so many messages at once. */
const mostMessages = 200

/** Why nothing can be sent now; undefined: it can. */
export function cannotSend(conversation: Conversation): string | undefined {
  const { models, draft } = conversation
  if (runningIds(conversation).length > 0) return 'An answer is still coming.'
  if (sidesOf(conversation).some((side) => models[side] === null)) return 'Choose a model first.'
  if (draft.trim() === '') return 'Write a message first.'
  const longest = Math.max(...sidesOf(conversation).map((side) => messagesFor(conversation, side).length))
  // The new question comes on top.
  return longest < mostMessages ? undefined : `A conversation takes ${mostMessages} messages. Clear it to go on.`
}

type Message = MethodInput<'playground.send'>['messages'][number]

/**
 * The conversation as one model should see it, before turn `until`. A side that was not asked then is given what the
 * other one said; a question without any answer is left out, because two questions in a row are refused by some models.
 */
export function messagesFor({ system, turns }: Conversation, side: Side, until = turns.length): Message[] {
  const messages: Message[] = system.trim() === '' ? [] : [{ role: 'system', content: system }]
  for (const { question, answers } of turns.slice(0, until)) {
    const answer = said(answers[side]) ?? said(answers.left) ?? said(answers.right)
    if (answer === undefined) continue
    messages.push({ role: 'user', content: question }, { role: 'assistant', content: answer })
  }
  return messages
}

function said(answer: Answer | undefined): string | undefined {
  return answer === undefined || answer.text === '' || answer.state === 'running' ? undefined : answer.text
}

/** What is sent for the question of a turn. */
export function sendInput(
  conversation: Conversation,
  turn: number,
  side: Side,
): MethodInput<'playground.send'> | undefined {
  const { turns, temperature, maxTokens, useCache } = conversation
  const asked = turns[turn]
  const answer = asked?.answers[side]
  if (asked === undefined || answer === undefined) return undefined
  return {
    id: answer.id,
    model: answer.model,
    messages: [...messagesFor(conversation, side, turn), { role: 'user', content: asked.question }],
    ...(temperature === null ? {} : { temperature }),
    ...(maxTokens === null ? {} : { maxTokens }),
    useCache,
  }
}

function begun(id: string, model: string): Answer {
  return { id, model, state: 'running', text: '', reasoning: '', error: null, end: null }
}

/** The draft becomes a turn, with an answer on its way for each side. */
export function ask(conversation: Conversation, newId: () => string): Conversation {
  const { models, draft, turns } = conversation
  const answers: Turn['answers'] = {}
  for (const side of sidesOf(conversation)) {
    const model = models[side]
    if (model !== null) answers[side] = begun(newId(), model)
  }
  return { ...conversation, draft: '', turns: [...turns, { question: draft.trim(), answers }] }
}

/** One answer of the last turn once more, by the model that is chosen now. */
export function askAgain(conversation: Conversation, side: Side, newId: () => string): Conversation {
  const { turns, models } = conversation
  const last = turns.at(-1)
  const model = models[side] ?? last?.answers[side]?.model
  if (last === undefined || model === undefined) return conversation
  const again = { ...last, answers: { ...last.answers, [side]: begun(newId(), model) } }
  return { ...conversation, turns: [...turns.slice(0, -1), again] }
}

/** A piece of an answer, or its end. Of an answer that was cleared away: nothing changes. */
export function receive(conversation: Conversation, piece: EventData<'playground'>): Conversation {
  return changeAnswer(conversation, piece.id, (answer) => {
    const { end } = piece
    const grown = { ...answer, text: answer.text + piece.text, reasoning: answer.reasoning + piece.reasoning }
    // Stopping was the user's own wish: that the call was aborted is no error.
    if (end === null) return answer.state === 'running' ? grown : answer
    if (answer.state !== 'running') return { ...answer, end }
    return { ...grown, end, error: end.error, state: end.error === null ? 'done' : 'failed' }
  })
}

/** The call could not even be made. */
export function fail(conversation: Conversation, id: string, error: CallError): Conversation {
  return changeAnswer(conversation, id, (answer) => ({ ...answer, state: 'failed', error }))
}

/** What has come so far stays. */
export function stop(conversation: Conversation): Conversation {
  const running = runningIds(conversation)
  return running.reduce(
    (stopped, id) => changeAnswer(stopped, id, (answer) => ({ ...answer, state: 'stopped' })),
    conversation,
  )
}

/** The settings stay. */
export function clear(conversation: Conversation): Conversation {
  return { ...conversation, turns: [] }
}

function changeAnswer(conversation: Conversation, id: string, change: (answer: Answer) => Answer): Conversation {
  const index = conversation.turns.findLastIndex(({ answers }) => sides.some((side) => answers[side]?.id === id))
  const turn = conversation.turns[index]
  if (turn === undefined) return conversation
  const answers = { ...turn.answers }
  for (const side of sides) {
    const answer = answers[side]
    if (answer?.id === id) answers[side] = change(answer)
  }
  return { ...conversation, turns: conversation.turns.with(index, { ...turn, answers }) }
}

import { expect } from 'vitest'
import { weatherName } from './questions.ts'
import { type Scenario, seenAt, type Stage } from './scenario.ts'
import { holding } from './scenarios-tools.ts'

const thinking = 'They want the weather. I should look it up.'
const calls = [{ name: weatherName, arguments: { city: 'Oslo' } }]
const usage = { input: 50, output: 40, reasoning: 25 }

/**
 * A model that thinks before it calls a tool wants its signed thoughts back together with the result; a library that
 * does not keep them has to get its answer all the same.
 */
export async function thinkAndCall(stage: Stage, stream: boolean, thoughts = stage.sdk.thoughts): Promise<void> {
  const { session, upstream, dialect } = stage
  upstream.script(
    { kind: 'answer', answer: { thinking, calls, usage } },
    { kind: 'answer', answer: { text: 'It snows.' } },
  )
  const first = await session.ask({ stream, text: 'What weather?', tools: true, think: true })
  const shown = thoughts === 'lost' ? '' : thinking
  expect(first.facts).toMatchObject({ thinking: shown, calls, finish: 'tool-calls', usage })
  expect(seenAt(stage, 0).thinks).toBe(true)
  const second = await first.goOn({ results: ['snow'] })
  expect(second.facts).toMatchObject({ text: 'It snows.', finish: 'stop' })
  const seen = seenAt(stage, 1)
  expect(seen.turns[2]).toMatchObject({ role: 'tool', results: [{ call: weatherName, text: holding('snow') }] })
  // Chat Completions has nothing that is signed.
  const isSigned = stage.sdk.thoughts === undefined && dialect !== 'openai-chat'
  expect(seen.turns[1]?.signatures).toHaveLength(isSigned ? 1 : 0)
  if (isSigned || dialect !== 'anthropic-messages') return
  // Anthropic takes no result of a call whose thinking is missing: the model cannot think this time.
  expect(seen.thinks).toBe(false)
  expect(stage.replies.warnings).toMatch(/no signed thinking/)
}

/** Signed thoughts are nobody's but their maker's: another model gets the conversation without them. */
async function changeModel(stage: Stage): Promise<void> {
  const { session, upstream, other } = stage
  upstream.script(
    { kind: 'answer', answer: { thinking, calls, usage } },
    { kind: 'answer', answer: { text: 'It snows.' } },
  )
  const first = await session.ask({ stream: true, text: 'What weather?', tools: true, think: true })
  const second = await first.goOn({ results: ['snow'] }, other.model)
  expect(second.facts).toMatchObject({ text: 'It snows.', finish: 'stop' })
  const seen = seenAt({ upstream, dialect: other.dialect }, 1)
  expect(seen.turns).toMatchObject([
    { role: 'user', text: 'What weather?' },
    { role: 'assistant', calls, signatures: [] },
    { role: 'tool', results: [{ call: weatherName, text: holding('snow') }] },
  ])
}

export const thinkingScenarios: Scenario[] = [
  { group: 'Thinking', name: 'shown, and sent back signed', play: (stage) => thinkAndCall(stage, false) },
  { group: 'Thinking', name: 'streamed, and sent back signed', play: (stage) => thinkAndCall(stage, true) },
  { group: 'Thinking', name: 'and then another model', isMany: true, play: changeModel },
]

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
async function thinkAndCall(stage: Stage, stream: boolean): Promise<void> {
  const { session, upstream, dialect, thoughts } = stage
  upstream.script(
    { kind: 'answer', answer: { thinking, calls, usage } },
    { kind: 'answer', answer: { text: 'It snows.' } },
  )
  const first = await session.ask({ stream, text: 'What weather?', tools: true, think: true })
  const shown = thoughts.shown ? thinking : ''
  expect(first.facts).toMatchObject({ thinking: shown, calls, finish: 'tool-calls', usage })
  expect(seenAt(stage, 0).thinks).toBe(true)
  const second = await first.goOn({ results: ['snow'] })
  expect(second.facts).toMatchObject({ text: 'It snows.', finish: 'stop' })
  const seen = seenAt(stage, 1)
  expect(seen.turns[2]).toMatchObject({ role: 'tool', results: [{ call: weatherName, text: holding('snow') }] })
  // Chat Completions has nothing that is signed.
  const isSigned = thoughts.returned && dialect !== 'openai-chat'
  expect(seen.turns[1]?.signatures).toHaveLength(isSigned ? 1 : 0)
  if (isSigned || dialect !== 'anthropic-messages') return
  // Anthropic takes no result of a call whose thinking is missing: the model cannot think this time.
  expect(seen.thinks).toBe(false)
  expect(stage.replies.warnings).toEqual([expect.stringMatching(/no signed thinking/)])
}

/** Thoughts before mere words go back too, and with them the words they led to. */
async function thinkAndTalk(stage: Stage, stream: boolean): Promise<void> {
  const { session, upstream, dialect, thoughts } = stage
  upstream.script(
    { kind: 'answer', answer: { thinking, text: 'Which city?', usage } },
    { kind: 'answer', answer: { text: 'It snows.' } },
  )
  const first = await session.ask({ stream, text: 'What weather?', think: true })
  const shown = thoughts.shown ? thinking : ''
  expect(first.facts).toMatchObject({ thinking: shown, text: 'Which city?', finish: 'stop', usage })
  const second = await first.goOn({ text: 'Oslo.' })
  expect(second.facts).toMatchObject({ text: 'It snows.', finish: 'stop' })
  const seen = seenAt(stage, 1)
  const isSigned = thoughts.returned && dialect !== 'openai-chat'
  expect(seen.turns).toMatchObject([{ role: 'user' }, { role: 'assistant', text: 'Which city?' }, { text: 'Oslo.' }])
  expect(seen.turns[1]?.signatures).toHaveLength(isSigned ? 1 : 0)
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
  {
    group: 'Thinking',
    name: 'before a call (shown, and sent back signed)',
    play: (stage) => thinkAndCall(stage, false),
  },
  { group: 'Thinking', name: 'before a call, streamed', play: (stage) => thinkAndCall(stage, true) },
  {
    group: 'Thinking',
    name: 'before words (shown, and sent back signed)',
    play: (stage) => thinkAndTalk(stage, false),
  },
  { group: 'Thinking', name: 'before words, streamed', play: (stage) => thinkAndTalk(stage, true) },
  { group: 'Thinking', name: 'not sent to another model that goes on', isMany: true, play: changeModel },
]

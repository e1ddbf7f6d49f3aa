import { expect } from 'vitest'
import type { ScriptedCall } from '../helpers/scripted-answer.ts'
import { clockName, weatherName, weatherSchema } from './questions.ts'
import { type Scenario, seenAt, type Stage } from './scenario.ts'

const oslo: ScriptedCall = { name: weatherName, arguments: { city: 'Oslo' } }
const time: ScriptedCall = { name: clockName, arguments: {} }
const rome: ScriptedCall = { name: weatherName, arguments: { city: 'Rome "the eternal" 🏛' } }

async function callTools(stage: Stage, stream: boolean, calls: ScriptedCall[], text?: string): Promise<void> {
  const { session, upstream } = stage
  const results = calls.map((_, index) => `snow, ${index} degrees`)
  upstream.script(
    { kind: 'answer', answer: { calls, ...(text === undefined ? {} : { text }) } },
    { kind: 'answer', answer: { text: 'It snows.' } },
  )
  const first = await session.ask({ stream, system: 'Be brief.', text: 'What weather?', tools: true })
  expect(first.facts).toMatchObject({ text: text ?? '', calls, finish: 'tool-calls' })
  expect(first.facts.usage).toMatchObject({ input: 40, output: 12 })
  const { tools, choice } = seenAt(stage, 0)
  expect(tools.map(({ name }) => name)).toEqual([weatherName, clockName])
  expect(choice).toBe('auto')
  expect(tools[0]?.parameters).toMatchObject({
    properties: { city: weatherSchema.properties.city },
    required: ['city'],
  })
  const second = await first.goOn({ results })
  expect(second.facts).toMatchObject({ text: 'It snows.', calls: [], finish: 'stop' })
  const seen = seenAt(stage, 1)
  expect(seen.system).toBe('Be brief.')
  expect(seen.turns).toMatchObject([
    { role: 'user', text: 'What weather?' },
    { role: 'assistant', text: text ?? '', calls },
    { role: 'tool', results: results.map((text, index) => ({ call: calls[index]?.name, text: holding(text) })) },
  ])
}

/** Gemini's results are objects, and what a library puts around the words is its own business. */
export function holding(text: string): string {
  return expect.stringContaining(text) as string
}

async function requireTool(stage: Stage): Promise<void> {
  stage.upstream.script({ kind: 'answer', answer: { calls: [oslo] } })
  const { facts } = await stage.session.ask({ stream: false, text: 'What weather?', tools: 'required' })
  expect(facts.calls).toEqual([oslo])
  expect(seenAt(stage, 0).choice).toBe('required')
}

export const toolScenarios: Scenario[] = [
  { group: 'Tools', name: 'call and result', play: (stage) => callTools(stage, false, [oslo]) },
  { group: 'Tools', name: 'streamed call and result', play: (stage) => callTools(stage, true, [oslo]) },
  { group: 'Tools', name: 'parallel calls', play: (stage) => callTools(stage, false, [oslo, rome]) },
  { group: 'Tools', name: 'streamed parallel calls', play: (stage) => callTools(stage, true, [oslo, rome]) },
  { group: 'Tools', name: 'call after words', play: (stage) => callTools(stage, false, [oslo], 'Let me look.') },
  {
    group: 'Tools',
    name: 'streamed call after words',
    play: (stage) => callTools(stage, true, [oslo], 'Let me look.'),
  },
  { group: 'Tools', name: 'call without arguments', play: (stage) => callTools(stage, false, [time, oslo]) },
  { group: 'Tools', name: 'streamed call without arguments', play: (stage) => callTools(stage, true, [time, oslo]) },
  { group: 'Tools', name: 'a tool has to be called', needs: 'required-tools', play: requireTool },
]

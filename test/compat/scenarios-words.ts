import { expect } from 'vitest'
import type { ScriptedAnswer } from '../helpers/scripted-answer.ts'
import { pdf, pixel, reportSchema } from './questions.ts'
import { type Scenario, seenAt, type Stage } from './scenario.ts'

const greeting: ScriptedAnswer = {
  text: 'Grüße aus Oslo 👋🏽, "quoted" \\ and\nbroken.',
  usage: { input: 100, output: 30, cacheRead: 60 },
}

const nothing = { text: '', thinking: '', calls: [], object: undefined }

async function greet(stage: Stage, stream: boolean): Promise<void> {
  const { session, upstream } = stage
  const pieces: string[] = []
  upstream.script({ kind: 'answer', answer: greeting })
  const onPiece = (text: string) => void pieces.push(text)
  const { facts } = await session.ask({ stream, system: 'Be brief.', text: 'Hi!', onPiece })
  expect(facts).toEqual({
    ...nothing,
    text: greeting.text,
    finish: 'stop',
    usage: { ...greeting.usage, reasoning: 0 },
  })
  if (stream) expect(pieces.join('')).toBe(greeting.text)
  if (stream) expect(pieces.length).toBeGreaterThan(3)
  const seen = seenAt(stage, 0)
  expect(seen.stream).toBe(stream)
  expect(seen.system).toBe('Be brief.')
  expect(seen.turns).toMatchObject([{ role: 'user', text: 'Hi!' }])
}

const words: Scenario[] = [
  { group: 'Words', name: 'text, usage', play: (stage) => greet(stage, false) },
  { group: 'Words', name: 'streamed text, usage', play: (stage) => greet(stage, true) },
  {
    group: 'Words',
    name: 'image in',
    play: async (stage) => {
      stage.upstream.script({ kind: 'answer', answer: { text: 'A pixel.' } })
      const { facts } = await stage.session.ask({ stream: false, text: 'What is it?', image: pixel })
      expect(facts.text).toBe('A pixel.')
      expect(seenAt(stage, 0).turns).toMatchObject([{ role: 'user', text: 'What is it?', images: [pixel] }])
    },
  },
  {
    group: 'Words',
    name: 'PDF in',
    play: async (stage) => {
      stage.upstream.script({ kind: 'answer', answer: { text: 'A paper.' } })
      const { facts } = await stage.session.ask({ stream: false, text: 'What is it?', file: pdf })
      expect(facts.text).toBe('A paper.')
      expect(seenAt(stage, 0).turns).toMatchObject([{ role: 'user', text: 'What is it?', files: [pdf] }])
    },
  },
  {
    group: 'Words',
    name: 'several turns',
    play: async (stage) => {
      stage.upstream.script(
        { kind: 'answer', answer: { text: 'Who is there?' } },
        { kind: 'answer', answer: { text: 'Olaf who?' } },
        { kind: 'answer', answer: { text: 'Ha.' } },
      )
      const first = await stage.session.ask({ stream: false, system: 'Be funny.', text: 'Knock, knock.' })
      const second = await first.goOn({ text: 'Olaf.' })
      const third = await second.goOn({ text: 'Olaf at my own jokes.' })
      expect(third.facts.text).toBe('Ha.')
      expect(seenAt(stage, 2).turns).toMatchObject([
        { role: 'user', text: 'Knock, knock.' },
        { role: 'assistant', text: 'Who is there?' },
        { role: 'user', text: 'Olaf.' },
        { role: 'assistant', text: 'Olaf who?' },
        { role: 'user', text: 'Olaf at my own jokes.' },
      ])
    },
  },
  {
    group: 'Words',
    name: 'structured output',
    play: async (stage) => {
      const report = { city: 'Oslo', degrees: -3 }
      stage.upstream.script({ kind: 'answer', answer: { text: JSON.stringify(report) } })
      const { facts } = await stage.session.ask({ stream: false, text: 'Report.', schema: true })
      expect(facts.object).toEqual(report)
      const { properties, required } = seenAt(stage, 0).schema ?? {}
      expect(required).toEqual(reportSchema.required)
      expect(Object.keys(properties ?? {})).toEqual(Object.keys(reportSchema.properties))
    },
  },
]

const endings: Scenario[] = [
  {
    group: 'Endings',
    name: 'stop sequence',
    needs: 'stop-sequences',
    play: async (stage) => {
      stage.upstream.script({ kind: 'answer', answer: { text: 'Once upon', stopSequence: 'END' } })
      const { facts } = await stage.session.ask({ stream: false, text: 'A tale.', stop: ['END', 'FIN'] })
      expect(facts).toMatchObject({ text: 'Once upon', finish: 'stop' })
      expect(seenAt(stage, 0).stop).toEqual(['END', 'FIN'])
    },
  },
  ...[false, true].map((stream): Scenario => ({
    group: 'Endings',
    name: stream ? 'streamed, cut at the token limit' : 'cut at the token limit',
    play: async (stage) => {
      stage.upstream.script({ kind: 'answer', answer: { text: 'Once upon', finish: 'length' } })
      const { facts } = await stage.session.ask({ stream, text: 'A tale.', maxTokens: 64 })
      expect(facts).toMatchObject({ text: 'Once upon', finish: 'length' })
      expect(seenAt(stage, 0).maxTokens).toBe(64)
    },
  })),
]

export const wordScenarios = [...words, ...endings]

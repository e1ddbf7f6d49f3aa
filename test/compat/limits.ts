import { expect } from 'vitest'
import type { ScriptedDialectId } from '../helpers/scripted-dialect.ts'
import { type Scenario, seenAt, type Stage } from './scenario.ts'
import type { Sdk, Thoughts } from './sdk.ts'
import { langchainResponsesSdk } from './sdk-langchain.ts'

/** A cell that cannot hold by nature, and what happens there instead: `play` shows that it does. */
export interface Limit {
  applies: (cell: Cell) => boolean
  /** A sentence for the footnote. */
  reason: string
  /** Instead of the scenario's own play. */
  play?: (stage: Stage) => Promise<void>
  /** Instead of what the library does elsewhere; the scenario's own play knows of it. */
  thoughts?: Thoughts
}

export interface Cell {
  sdk: Sdk
  dialect: ScriptedDialectId
  scenario: Scenario
}

export const limits: readonly Limit[] = [
  {
    applies: ({ dialect, scenario }) => scenario.needs === 'stop-sequences' && dialect === 'openai-responses',
    reason: 'The Responses API has no stop sequences. The answer comes without them, and `x-gateway-warnings` says so.',
    play: async (stage) => {
      stage.upstream.script({ kind: 'answer', answer: { text: 'Once upon a time.' } })
      const { facts } = await stage.session.ask({ stream: false, text: 'A tale.', stop: ['END', 'FIN'] })
      expect(facts).toMatchObject({ text: 'Once upon a time.', finish: 'stop' })
      expect(seenAt(stage, 0).stop).toEqual([])
      expect(stage.replies.warnings).toEqual([expect.stringMatching(/^stop: /)])
    },
  },
  {
    applies: ({ sdk, scenario }) =>
      scenario.group === 'Thinking' && scenario.isMany !== true && sdk.thoughts?.shown === false,
    reason:
      'The library neither shows thinking that comes in Chat Completions nor sends it back. The answer comes all the same.',
  },
  {
    applies: ({ sdk, scenario }) =>
      scenario.group === 'Thinking' && scenario.isMany !== true && sdk.thoughts?.returned === false,
    reason: 'The library shows thinking, but does not send it back. The answer comes all the same.',
  },
  {
    applies: ({ sdk, dialect, scenario }) =>
      sdk.name === langchainResponsesSdk.name &&
      dialect === 'gemini' &&
      scenario.name.endsWith('(shown, and sent back signed)'),
    reason:
      'Of a whole answer the library shows the last reasoning item only, and with Gemini that one carries the ' +
      'signature. Streamed, and sent back, the thinking is all there.',
    thoughts: { shown: false, returned: true },
  },
  {
    applies: ({ dialect, scenario }) =>
      scenario.group === 'Thinking' && dialect === 'openai-chat' && scenario.isMany !== true,
    reason: 'Chat Completions has no signed thinking: it is shown, and there is nothing to send back.',
  },
]

export function limitOf(cell: Cell): Limit | undefined {
  return limits.find((limit) => limit.applies(cell))
}

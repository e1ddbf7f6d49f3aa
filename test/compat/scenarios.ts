import { expect } from 'vitest'
import type { Scenario } from './scenario.ts'
import { failingScenarios } from './scenarios-failing.ts'
import { thinkingScenarios } from './scenarios-thinking.ts'
import { toolScenarios } from './scenarios-tools.ts'
import { wordScenarios } from './scenarios-words.ts'

const lists: Scenario[] = [
  {
    group: 'Models',
    name: 'list of models',
    needs: 'models',
    play: async ({ session, model }) => {
      expect(await session.models?.()).toContain(model)
    },
  },
  {
    group: 'Models',
    name: 'counted tokens',
    needs: 'count',
    play: async ({ session }) => {
      // The provider's count, or where its dialect has none the gateway's estimate.
      expect(await session.count?.('How many tokens may this be, all in all?')).toBeGreaterThan(5)
    },
  },
]

export const scenarios: readonly Scenario[] = [
  ...wordScenarios,
  ...toolScenarios,
  ...thinkingScenarios,
  ...failingScenarios,
  ...lists,
]

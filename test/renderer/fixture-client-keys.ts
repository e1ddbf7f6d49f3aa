import type { ClientKey } from '../../gateway/contract.ts'
import type { FixtureAnswers, FixtureMood } from './fixture-client.ts'

const dayMs = 86_400_000

function keyOf(name: string, more: Partial<ClientKey> = {}): ClientKey {
  return {
    name,
    starts: `gw-${[...name]
      .map((letter) => (letter.charCodeAt(0) % 16).toString(16))
      .join('')
      .padEnd(12, '3f9a0c1b2d3e')
      .slice(0, 12)}`,
    state: 'active',
    models: null,
    limit: null,
    createdAt: Date.UTC(2026, 9, 2, 9, 30),
    expiresAt: null,
    previousUntil: null,
    tool: null,
    whyNotRotated: null,
    calls: 0,
    costNanoUsd: 0,
    lastUsedAt: null,
    ...more,
  }
}

/** Keys of people, machines and tools, in every state. */
export function fixtureClientKeys(mood: FixtureMood, now: number): FixtureAnswers {
  const keys: ClientKey[] = [
    keyOf('claude-code', {
      tool: { id: 'claude-code', name: 'Claude Code' },
      whyNotRotated:
        'It stands in the settings of Claude Code. Remove it here and connect Claude Code again: that makes a new one.',
      calls: 1204,
      costNanoUsd: 61_230_000_000,
      lastUsedAt: now - 40_000,
    }),
    keyOf('codex', {
      tool: { id: 'codex', name: 'OpenAI Codex' },
      starts: null,
      createdAt: null,
      whyNotRotated: 'It stands in the settings of OpenAI Codex.',
      calls: 88,
      costNanoUsd: 4_120_000_000,
      lastUsedAt: now - 3 * dayMs,
    }),
    keyOf('build-server', {
      models: ['fast', 'gpt-6-*'],
      limit: { requests: 60, tokens: 2_000_000, windowMs: 60_000 },
      expiresAt: Date.UTC(2027, 0, 1),
      previousUntil: now + dayMs,
      calls: 412,
      costNanoUsd: 2_910_000_000,
      lastUsedAt: now - 12 * 60_000,
    }),
    keyOf('anna-phone', {
      expiresAt: Date.UTC(2026, 10, 28),
      models: ['smart'],
      calls: 37,
      costNanoUsd: 840_000_000,
      lastUsedAt: now - dayMs,
    }),
    keyOf('old-script', { state: 'expired', expiresAt: Date.UTC(2026, 8, 1), lastUsedAt: now - 90 * dayMs }),
    keyOf('contractor', { state: 'revoked', limit: { requests: 5, windowMs: 86_400_000 } }),
  ]
  return {
    'clientKeys.list': () => ({ keys: mood === 'empty' ? [] : keys, anonymous: true, whyReadOnly: null }),
    'clientKeys.create': () => ({ key: `gw-3f9a0c1b2d3e-${'Ab3_'.repeat(10)}xyz`, undo: 'undo-1' }),
    'clientKeys.rotate': () => ({ key: `gw-77aa0c1b2d3e-${'Cd4-'.repeat(10)}xyz`, undo: 'undo-1' }),
    'clientKeys.update': () => ({ undo: 'undo-1' }),
    'clientKeys.revoke': () => ({ undo: 'undo-1' }),
    'clientKeys.remove': () => ({ undo: 'undo-1' }),
  }
}

import { describe, expect, test } from 'vitest'
import type { SemanticSettings } from '../../../../gateway/contract.ts'
import {
  semanticDraftOf,
  semanticProblems,
  semanticSettingsOf,
  startSemantic,
} from '../../../../renderer/pages/cache/semantic-draft.ts'

const settings: SemanticSettings = {
  aliases: ['help-page', 'docs'],
  embedding: { provider: 'openai', model: 'text-embedding-3-small', dimensions: 512 },
  threshold: 0.93,
  ttlMs: 60_000,
  maxEntries: 500,
  timeoutMs: 800,
}
const hour = 3_600_000

describe('draft', () => {
  test.each([
    ['all of it', settings],
    ['no time of its own', { ...settings, ttlMs: null, embedding: { ...settings.embedding, dimensions: null } }],
  ])('%s comes back as it was', (_, each) => expect(semanticSettingsOf(semanticDraftOf(each))).toEqual(each))

  test('blank lines and repetitions are no names', () => {
    expect(semanticSettingsOf({ ...semanticDraftOf(settings), aliases: ' a \n\na' }).aliases).toEqual(['a'])
  })
})

test.each([
  ['nothing filled in', startSemantic, ['aliases', 'provider', 'model']],
  ['kept longer than the cache keeps', { ...semanticDraftOf(settings), ttlMs: hour + 1 }, ['ttlMs']],
  ['nothing wrong', semanticDraftOf(settings), []],
])('problems: %s', (_, draft, fields) => expect(Object.keys(semanticProblems(draft, hour))).toEqual(fields))

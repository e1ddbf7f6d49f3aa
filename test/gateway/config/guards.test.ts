import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../gateway/config/load.ts'
import { ConfigError } from '../../../gateway/config/types.ts'

function load(guards: string, more = '') {
  return parseConfig(`guards:\n${guards}\n${more}`, { file: 'gateway.yaml', env: {} })
}

function problems(guards: string): string[] {
  try {
    load(guards)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path, message }) => `${path}: ${message}`)
    throw error
  }
  return []
}

test('nothing is screened by default; a guard looks at requests', () => {
  expect(parseConfig('', { file: 'gateway.yaml', env: {} }).config.guards).toEqual([])
  expect(load('  - { name: a, check: pii, action: log }').config.guards).toEqual([
    { name: 'a', check: 'pii', action: 'log', on: ['request'] },
  ])
})

describe('what is wrong is told in words', () => {
  test.each([
    [
      '  - { name: a, check: prompt-injection, action: redact }',
      'guards[0].action: cannot be redact with prompt-injection',
    ],
    [
      '  - { name: a, check: pii, action: log, detectors: [emial] }',
      'guards[0].detectors[0]: pii has no detector "emial", did you mean "email"?',
    ],
    [
      '  - { name: a, check: pii, action: log, detectors: [jwt] }',
      'guards[0].detectors[0]: "jwt" is a detector of secrets, not of pii',
    ],
    ['  - { name: a, check: secret, action: log }', 'did you mean "secrets"?'],
    [
      '  - { name: a, check: pii, action: log }\n  - { name: a, check: secrets, action: log }',
      'guards[1].name: the guard name "a" is already taken by guards[0]',
    ],
    ['  - { name: a, check: pii, acton: log, action: log }', 'did you mean "action"?'],
    ['  - { name: a, check: pii, action: log, on: [] }', 'guards[0].on'],
  ])('%s', (text, words) => {
    expect(problems(text).join('\n')).toContain(words)
  })
})

test('a slip in an alias is noticed, because it would go unguarded', () => {
  const mappings =
    'providers: [{ name: openai }]\nrouting: { modelMappings: { smart: { provider: openai, model: m } } }'
  const notices = (alias: string): string[] =>
    load(`  - { name: a, check: pii, action: log, aliases: ["${alias}"] }`, mappings).notices
  expect(notices('smrt').join()).toContain('guards[0].aliases[0]: no alias is named "smrt", did you mean "smart"?')
  expect([...notices('smart'), ...notices('sm*'), ...notices('gpt-4o')]).toEqual([])
})

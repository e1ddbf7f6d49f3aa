import { describe, expect, test } from 'vitest'
import type { Tool } from '../../../../gateway/contract.ts'
import {
  actionOf,
  choiceOf,
  diffLines,
  groupTools,
  listed,
  stateOf,
  verificationWords,
} from '../../../../renderer/pages/connect/tool-words.ts'

const tool = (more: Partial<Tool>): Tool => ({ kind: 'edits', state: 'no', detected: true, name: 'T', ...more }) as Tool

describe('state and action', () => {
  const table: [Partial<Tool>, tone: string, words: string, action: string][] = [
    [{}, 'neutral', 'Not connected', 'Connect'],
    [{ detected: null }, 'neutral', 'Not connected', 'Connect'],
    [{ detected: false }, 'neutral', 'Not found on this machine', 'Connect'],
    [{ state: 'yes', detected: false }, 'good', 'Connected', 'Manage'],
    [{ state: 'changed' }, 'warn', 'Changed since it was connected', 'Manage'],
    [{ state: 'broken' }, 'bad', 'Its settings cannot be read', 'Manage'],
    [{ kind: 'copy', detected: null }, 'neutral', 'Set up by hand', 'Show'],
  ]
  test.each(table)('%j', (more, tone, words, action) => {
    expect(stateOf(tool(more))).toEqual({ tone, words })
    expect(actionOf(tool(more))).toBe(action)
  })
})

test('groups: connected first, then what was found, each by name', () => {
  const names = (tools: Tool[]) => tools.map(({ name }) => name)
  const { here, absent, byHand } = groupTools([
    tool({ name: 'Zed' }),
    tool({ name: 'Codex', state: 'changed', detected: false }),
    tool({ name: 'Aider', detected: false }),
    tool({ name: 'opencode', detected: null }),
    tool({ name: 'Cursor', kind: 'copy', detected: null }),
    tool({ name: 'Claude Code', state: 'yes' }),
  ])
  expect(names(here)).toEqual(['Claude Code', 'Codex', 'opencode', 'Zed'])
  expect(names(absent)).toEqual(['Aider'])
  expect(names(byHand)).toEqual(['Cursor'])
})

test('a diff, line by line, without the names of files', () => {
  expect(diffLines('--- a\n+++ b\n@@ -1,2 +1,2 @@\n {\n-  "x": 1\n+  "x": 2\n \n')).toEqual([
    { kind: 'place', text: '@@ -1,2 +1,2 @@' },
    { kind: 'same', text: '{' },
    { kind: 'removed', text: '  "x": 1' },
    { kind: 'added', text: '  "x": 2' },
    { kind: 'same', text: '' },
  ])
})

test.each([
  [true, [], 'Codex will use the gateway.'],
  [false, ['a'], 'One thing is in the way:'],
  [false, ['a', 'b'], '2 things are in the way:'],
])('verification %s %j', (ok, conflicts, words) => {
  expect(verificationWords({ ok, conflicts, settings: [] }, 'Codex')).toBe(words)
})

test('connected again, a tool keeps its models', () => {
  expect(choiceOf(tool({ id: 'codex', chosenModel: 'smart', chosenSmallModel: null }))).toEqual({
    tool: 'codex',
    model: 'smart',
  })
})

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
])('%j: %s', (names, text) => {
  expect(listed(names)).toBe(text)
})

import { describe, expect, test } from 'vitest'
import type { DiagnosticCheck } from '../../../../gateway/contract.ts'
import { remedyPage, summarise } from '../../../../renderer/pages/diagnostics/check-words.ts'

type Outcome = DiagnosticCheck['outcome']

describe('summarise', () => {
  test.each<[Outcome[], string, string]>([
    [['ok', 'ok', 'skipped'], 'good', 'All 2 checks are in order.'],
    [['ok', 'warning'], 'warn', '1 of 2 checks warns.'],
    [['warning', 'warning', 'ok'], 'warn', '2 of 3 checks warn.'],
    [['failed', 'ok'], 'bad', '1 of 2 checks failed.'],
    [['failed', 'warning', 'ok', 'skipped'], 'bad', '1 of 3 checks failed, 1 warns.'],
  ])('%j', (outcomes, tone, text) => {
    expect(summarise(outcomes.map((outcome) => ({ outcome })))).toEqual({ tone, text })
  })
})

describe('remedyPage', () => {
  test.each<[string, Outcome, string | undefined]>([
    ['Provider mistral', 'failed', '/providers'],
    ['Key store', 'warning', '/providers'],
    ['Proxy', 'failed', '/settings?group=network'],
    ['Port', 'failed', '/settings?group=network'],
    ['Disk space', 'warning', '/settings?group=storage'],
    ['Provider openai', 'ok', undefined],
    ['Proxy', 'skipped', undefined],
    ['Event loop', 'warning', undefined],
  ])('%s %s', (name, outcome, path) => expect(remedyPage({ name, outcome })?.path).toBe(path))
})

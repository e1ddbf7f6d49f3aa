import { expect, test } from 'vitest'
import { readFinish } from '../../../../../gateway/dialects/anthropic-messages/provider/finish.ts'

test.each([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['pause_turn', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['refusal', 'content-filter'],
  ['compaction', 'other'],
  ['something_new', 'other'],
  ['constructor', 'other'],
])('%s is %s', (raw, unified) => {
  expect(readFinish(raw)).toEqual({ unified, raw })
})

test('no reason is other', () => {
  expect(readFinish(undefined)).toEqual({ unified: 'other' })
})

test('the sequence that ended it', () => {
  expect(readFinish('stop_sequence', 'END')).toEqual({ unified: 'stop', raw: 'stop_sequence', stopSequence: 'END' })
})

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { applyQuirks, topLevelEdits, touchesMessages } from '../../../gateway/providers/quirks.ts'
import { providerRows } from '../../../gateway/providers/rows.ts'
import type { Quirk } from '../../../gateway/providers/types.ts'

const why = 'a reason'
const rename: Quirk = { why, verb: 'rename', member: 'old', to: 'new' }
const drop: Quirk = { why, verb: 'drop', member: 'old' }
const preset: Quirk = { why, verb: 'default', member: 'old', value: 1 }
const clamp: Quirk = { why, verb: 'clamp', member: 'old', min: 0, max: 1 }
const dropIn: Quirk = { why, verb: 'drop-in-messages', member: 'thought', role: 'assistant' }
const renameIn: Quirk = { why, verb: 'rename-in-messages', member: 'thought', to: 'idea' }
const developer: Quirk = { why, verb: 'developer-to-system' }
const toolIds: Quirk = { why, verb: 'tool-ids', length: 9 }
const noStream: Quirk = { why, verb: 'no-stream-options' }

const said = (...messages: JsonObject[]): JsonObject => ({ messages })

describe('applyQuirks', () => {
  test.each<[string, Quirk, JsonObject, JsonObject, string[]]>([
    ['rename', rename, { old: 1 }, { new: 1 }, []],
    ['rename: the new name wins', rename, { old: 1, new: 2 }, { new: 2 }, []],
    ['rename: null is not given', rename, { old: 1, new: null }, { new: 1 }, []],
    ['rename: nothing to rename', rename, { old: null }, {}, []],
    ['rename: 0 is a value', rename, { old: 1, new: 0 }, { new: 0 }, []],
    ['drop', drop, { old: false, other: 1 }, { other: 1 }, ['old']],
    ['drop: null is no loss', drop, { old: null }, {}, []],
    ['default: absent', preset, {}, { old: 1 }, []],
    ['default: null', preset, { old: null }, { old: 1 }, []],
    ['clamp: above', clamp, { old: 1.5 }, { old: 1 }, []],
    ['clamp: below', clamp, { old: -2 }, { old: 0 }, []],
    ['clamp: one bound', { why, verb: 'clamp', member: 'old', min: 5 }, { old: 3 }, { old: 5 }, []],
    [
      'drop-in-messages: of the role, named once',
      dropIn,
      said({ role: 'assistant', thought: 'a' }, { role: 'user', thought: 'b' }, { role: 'assistant', thought: 'c' }),
      said({ role: 'assistant' }, { role: 'user', thought: 'b' }, { role: 'assistant' }),
      ['messages[].thought'],
    ],
    ['rename-in-messages', renameIn, said({ role: 'user', thought: 'a' }), said({ role: 'user', idea: 'a' }), []],
    [
      'developer-to-system',
      developer,
      said({ role: 'developer', content: 'x' }),
      said({ role: 'system', content: 'x' }),
      [],
    ],
    [
      'developer-to-system: in Responses',
      developer,
      { input: [{ role: 'developer', content: 'x' }, { type: 'reasoning' }] },
      { input: [{ role: 'system', content: 'x' }, { type: 'reasoning' }] },
      [],
    ],
    ['no-stream-options', noStream, { stream: true, stream_options: { include_usage: true } }, { stream: true }, []],
  ])('%s', (_name, ...[quirk, body, expected, dropped]) => {
    const before = structuredClone(body)
    expect(applyQuirks(body, [quirk])).toEqual({ body: expected, changed: true, dropped })
    expect(body).toEqual(before)
  })

  test.each<[string, Quirk, JsonObject]>([
    ['rename', rename, { new: 1 }],
    ['drop', drop, { new: 1 }],
    ['default: 0 is given', preset, { old: 0 }],
    ['clamp: within', clamp, { old: 1 }],
    ['clamp: no number', clamp, { old: '7' }],
    ['drop-in-messages', dropIn, said({ role: 'assistant', content: 'x' }, { role: 'user', thought: 'b' })],
    ['messages that are none', dropIn, { messages: 'no' }],
    ['a message that is none', developer, { messages: ['no', null, 3] }],
    [
      'tool ids that fit',
      toolIds,
      said({ role: 'tool', tool_call_id: 'abcDEF123' }, { role: 'assistant', tool_calls: [{ id: 'abcDEF123' }] }),
    ],
    ['no calls', toolIds, said({ role: 'user', content: 'x' }, { role: 'assistant', tool_calls: null })],
    ['no-stream-options', noStream, { stream: true }],
  ])('leaves the very same body where nothing applies: %s', (_name, quirk, body) => {
    const result = applyQuirks(body, [quirk])
    expect(result.body).toBe(body)
    expect(result.changed).toBe(false)
  })

  test('tool ids: call and result keep together, different ids stay different, the same is always the same', () => {
    const conversation = said(
      { role: 'assistant', tool_calls: [{ id: 'call_A', function: { name: 'f' } }, { id: 'toolu_B' }, {}] },
      { role: 'tool', tool_call_id: 'call_A' },
      { role: 'tool', tool_call_id: 'toolu_B' },
    )
    const { body } = applyQuirks(conversation, [toolIds])
    const [assistant, first, second] = body['messages'] as JsonObject[]
    const [callA, callB, callC] = (assistant as JsonObject)['tool_calls'] as JsonObject[]
    expect(callA).toEqual({ id: expect.stringMatching(/^[A-Za-z0-9]{9}$/), function: { name: 'f' } })
    expect(first?.['tool_call_id']).toBe(callA?.['id'])
    expect(second?.['tool_call_id']).toBe(callB?.['id'])
    expect(callA?.['id']).not.toBe(callB?.['id'])
    expect(callC).toEqual({})
    expect(applyQuirks(conversation, [toolIds]).body).toEqual(body)
    expect(applyQuirks(body, [toolIds]).changed).toBe(false)
  })
})

test('touchesMessages', () => {
  const deep = [rename, drop, preset, clamp, dropIn, renameIn, developer, toolIds, noStream].filter(touchesMessages)
  expect(deep).toEqual([dropIn, renameIn, developer, toolIds])
})

describe('topLevelEdits', () => {
  test.each<[string, string[], Quirk[], ReturnType<typeof topLevelEdits>['edits']]>([
    ['rename', ['old', 'x'], [rename], [{ member: 'old', rename: 'new' }]],
    ['rename, both there', ['old', 'new'], [rename], [{ member: 'old', drop: true }]],
    ['rename, absent', ['x'], [rename], []],
    ['drop', ['old'], [drop], [{ member: 'old', drop: true }]],
    ['default', ['x'], [preset], [{ member: 'old', set: 1 }]],
    ['default, there', ['old'], [preset], []],
    ['stream options', ['stream_options'], [noStream], [{ member: 'stream_options', drop: true }]],
  ])('%s', (_name, members, quirks, edits) => {
    expect(topLevelEdits(members, quirks)).toMatchObject({ edits, needsParse: false })
  })

  test('tells what is dropped', () => {
    expect(topLevelEdits(new Set(['old', 'stream_options']), [drop, noStream]).dropped).toEqual(['old'])
  })

  test.each<[string, string[], Quirk, string | undefined, boolean]>([
    ['clamp needs the value', ['old'], clamp, undefined, true],
    ['clamp of what is absent', ['x'], clamp, undefined, false],
    ['messages unseen', ['messages'], developer, undefined, true],
    ['no messages', ['prompt'], developer, undefined, false],
    ['messages of Responses', ['input'], developer, '[{"role":"developer"}]', true],
    ['input of another kind', ['input'], toolIds, undefined, false],
    ['role there', ['messages'], developer, '[{"role":"developer"}]', true],
    ['role not there', ['messages'], developer, '[{"role":"user"}]', false],
    ['member there', ['messages'], dropIn, '[{"thought":1}]', true],
    ['member not there', ['messages'], renameIn, '[{"a thought":1}]', false],
    ['tool calls there', ['messages'], toolIds, '[{"tool_call_id":"x"}]', true],
    ['tools alone', ['messages', 'tools'], toolIds, '[{"tools":"x"}]', false],
  ])('needsParse: %s', (_name, ...[members, quirk, text, expected]) => {
    const contains = text === undefined ? undefined : (part: string): boolean => text.includes(part)
    expect(topLevelEdits(members, [quirk], contains).needsParse).toBe(expected)
  })

  test('comes to the same body as applyQuirks, for every row', () => {
    const body: JsonObject = {
      model: 'm',
      max_completion_tokens: 5,
      seed: 1,
      store: true,
      stream_options: {},
      messages: [],
    }
    for (const { quirks = [] } of providerRows) {
      const { edits, needsParse } = topLevelEdits(Object.keys(body), quirks, (text) =>
        JSON.stringify(body).includes(text),
      )
      expect(needsParse).toBe(false)
      const edited: JsonObject = { ...body }
      for (const { member, rename: to, set } of edits) {
        if (to !== undefined) edited[to] = edited[member]
        if (set === undefined) delete edited[member]
        else edited[member] = set
      }
      expect(edited).toEqual(applyQuirks(body, quirks).body)
    }
  })
})

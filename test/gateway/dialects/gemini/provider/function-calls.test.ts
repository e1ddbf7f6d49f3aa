import { describe, expect, test } from 'vitest'
import type { Json } from '../../../../../gateway/chat/json.ts'
import { checkEvents } from '../../../../conformance/event-invariants.ts'
import { candidate, finishesOf, partsOf, stop, stream, whole } from './decoding.ts'

describe('function calls', () => {
  const call = (functionCall: Json): Json => candidate([{ functionCall }])
  const end = candidate([{ text: '' }], stop)

  test('parallel calls without ids get ids of their own, the same each time', () => {
    const body = {
      responseId: 'r',
      ...(candidate(
        [{ functionCall: { name: 'f', args: { a: 1 } } }, { functionCall: { name: 'f' } }],
        stop,
      ) as object),
    } as Json
    const made = partsOf(whole(body))
    expect(made).toMatchObject([
      { name: 'f', arguments: '{"a":1}' },
      { name: 'f', arguments: '{}' },
    ])
    const ids = made?.map((part) => (part.type === 'tool-call' ? part.id : ''))
    expect(ids?.every((id) => /^call_[0-9a-f]{24}$/.test(id))).toBe(true)
    expect(new Set(ids).size).toBe(2)
    expect(partsOf(stream([body]))).toEqual(made)
    expect(partsOf(whole({ ...(body as object), responseId: 'other' } as Json))).not.toEqual(made)
  })

  test('answers without responseId do not share ids', () => {
    const body = candidate([{ functionCall: { name: 'f' } }], stop)
    expect(partsOf(whole(body))).not.toEqual(partsOf(whole(body)))
  })

  test('a whole call is one delta', () => {
    const events = stream([call({ name: 'f', args: { a: 'é"' }, id: 'i' }), end])
    expect(events.filter((event) => event.type === 'tool-delta')).toEqual([
      { type: 'tool-delta', block: 0, choice: 0, arguments: JSON.stringify({ a: 'é"' }) },
    ])
  })

  const piece = (jsonPath: string, more: object, callMore: object = { willContinue: true }): Json =>
    call({ partialArgs: [{ jsonPath, ...more }], ...callMore } as Json)

  test.each<[string, Json[], string]>([
    [
      'strings in pieces',
      [
        piece('$.a', { stringValue: 'Bos', willContinue: true }),
        piece('$.a', { stringValue: 'ton', willContinue: true }),
        piece('$.a', { stringValue: '' }),
        call({}),
      ],
      '{"a":"Boston"}',
    ],
    [
      'every kind of value',
      [
        piece('$.n', { numberValue: 0 }),
        piece('$.b', { boolValue: false }),
        piece('$.z', { nullValue: 'NULL_VALUE' }),
        piece('$.s', { stringValue: '' }),
        call({}),
      ],
      '{"n":0,"b":false,"z":null,"s":""}',
    ],
    [
      'nested',
      [piece('$.r.steps[0].t', { stringValue: 'x' }), piece('$.r.steps[1].t', { stringValue: 'y' }), call({})],
      '{"r":{"steps":[{"t":"x"},{"t":"y"}]}}',
    ],
    [
      'out of order',
      [piece('$.l[1]', { numberValue: 2 }), piece('$.l[0]', { numberValue: 1 }), call({})],
      '{"l":[1,2]}',
    ],
    [
      'lists of lists',
      [piece('$.m[0][1]', { numberValue: 2 }), piece('$.m[0][0]', { numberValue: 1 }), call({})],
      '{"m":[[1,2]]}',
    ],
    [
      'quoted names',
      [piece("$['a b']", { numberValue: 1 }), piece('$["c.d"].e', { numberValue: 2 }), call({})],
      '{"a b":1,"c.d":{"e":2}}',
    ],
    ['no arguments', [call({})], '{}'],
    ['the last piece says so', [piece('$.a', { stringValue: 'x' }, {})], '{"a":"x"}'],
    ['the end is missing', [piece('$.a', { stringValue: 'x' })], '{"a":"x"}'],
    ['whole arguments at the end', [call({ args: { a: 1 } })], '{"a":1}'],
    ['a null beside the value', [piece('$.a', { stringValue: null, numberValue: 3 }), call({})], '{"a":3}'],
    [
      'an index out of all bounds',
      [piece('$.l[4000000000]', { numberValue: 1 }), piece('$.a', { numberValue: 1 }), call({})],
      '{"l":[],"a":1}',
    ],
    ['__proto__ is a name', [piece('$.__proto__.x', { numberValue: 1 }), call({})], '{"__proto__":{"x":1}}'],
    ['a path that is none', [piece('', { numberValue: 1 }), piece('$', { numberValue: 1 }), call({})], '{}'],
  ])('streamed arguments: %s', (_name, pieces, expected) => {
    const events = stream([call({ name: 'f', willContinue: true, id: 'i' }), ...pieces, end])
    expect(checkEvents(events)).toEqual([])
    expect(partsOf(events)).toEqual([{ type: 'tool-call', id: 'i', name: 'f', arguments: expected }])
    expect(finishesOf(events)).toMatchObject([{ reason: { unified: 'tool-calls' } }])
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  test('the next call or text ends one that has no end', () => {
    const events = stream([
      call({ name: 'f', willContinue: true, id: '1' }),
      piece('$.a', { numberValue: 1 }),
      call({ name: 'g', willContinue: true, id: '2' }),
      piece('$.b', { numberValue: 2 }),
      candidate([{ text: 'done' }], stop),
    ])
    expect(checkEvents(events)).toEqual([])
    expect(partsOf(events)).toMatchObject([
      { id: '1', name: 'f', arguments: '{"a":1}' },
      { id: '2', name: 'g', arguments: '{"b":2}' },
      { type: 'text', text: 'done' },
    ])
  })

  test('a signature may come with any piece', () => {
    const signed = candidate([{ functionCall: { willContinue: true }, thoughtSignature: 'S' }])
    const events = stream([call({ name: 'f', willContinue: true, id: '1' }), signed, call({}), end])
    expect(partsOf(events)).toEqual([{ type: 'tool-call', id: '1', name: 'f', arguments: '{}', signature: 'S' }])
  })

  test('a piece of no call is passed over', () => {
    expect(partsOf(stream([call({}), piece('$.a', { numberValue: 1 }), candidate([{ text: 'a' }], stop)]))).toEqual([
      { type: 'text', text: 'a' },
    ])
  })
})

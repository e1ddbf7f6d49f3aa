import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  editMembers,
  memberText,
  memberValue,
  scanMembers,
  type MemberEdit,
  type Members,
} from '../../../gateway/dialects/members.ts'

function scan(text: string): Members | undefined {
  return scanMembers(Buffer.from(text))
}

function scanned(text: string): Members {
  const members = scan(text)
  if (members === undefined) throw new Error(`not scanned: ${text}`)
  return members
}

function edit(text: string, ...edits: MemberEdit[]): string {
  return editMembers(scanned(text), edits).toString('utf8')
}

describe('scan finds', () => {
  const table: [text: string, name: string, raw: string][] = [
    ['{"a":1}', 'a', '1'],
    ['{"a":"x"}', 'a', '"x"'],
    [' \t\r\n{ "a" \n:\t-1.5e+10 ,\r"b" : null } \n', 'a', '-1.5e+10'],
    ['{ "a" : -0.0 ,"b":null}', 'b', 'null'],
    ['{"a":"say \\"}\\", {[","b":true}', 'b', 'true'],
    ['{"a":"ends with a backslash \\\\","b":false}', 'b', 'false'],
    ['{"a":"\\\\\\"","b":"\\\\\\\\"}', 'b', '"\\\\\\\\"'],
    ['{"a":{"b":[1,{"c":"]}"}]},"d":[[],{}]}', 'a', '{"b":[1,{"c":"]}"}]}'],
    ['{"a":{"b":[1,{"c":"]}"}]},"d":[[],{}]}', 'd', '[[],{}]'],
    ['{"a":[ ] , "b":{ }}', 'a', '[ ]'],
    ['{"\\u0061":1}', 'a', '1'],
    ['{"q\\"q\\\\":1}', 'q"q\\', '1'],
    ['{"":1}', '', '1'],
    ['{"ключ":"значение","b":1}', 'ключ', '"значение"'],
    ['{"k":"😀 \\ud83d\\ude00","b":1}', 'b', '1'],
    ['{"seed":12345678901234567890123,"b":1}', 'seed', '12345678901234567890123'],
    ['{"__proto__":1,"constructor":2}', '__proto__', '1'],
    ['{"__proto__":1,"constructor":2}', 'constructor', '2'],
  ]
  test.each(table)('%s -> %s', (text, name, raw) => {
    expect(memberText(scanned(text), name)).toBe(raw)
    expect(memberValue(scanned(text), name)).toEqual(JSON.parse(raw))
  })

  test('nothing in an empty object, and nothing by names that are not there', () => {
    expect(scanned(' {} ').spans.size).toBe(0)
    expect(memberText(scanned('{"a":1}'), 'toString')).toBeUndefined()
    expect(memberValue(scanned('{"a":1}'), 'b')).toBeUndefined()
  })

  test('a value that is malformed inside is undefined', () => {
    expect(memberValue(scanned('{"a":[1,]}'), 'a')).toBeUndefined()
  })
})

describe('scan refuses', () => {
  const table: [text: string][] = [
    [''],
    ['   '],
    ['null'],
    ['[]'],
    ['"a"'],
    ['{'],
    ['{"a"'],
    ['{"a":'],
    ['{"a":}'],
    ['{"a":1'],
    ['{"a":1,'],
    ['{"a":1,}'],
    ['{,}'],
    ['{a:1}'],
    ["{'a':1}"],
    ['{"a" 1}'],
    ['{"a":1 "b":2}'],
    ['{"a":1}}'],
    ['{"a":1} x'],
    ['{"a":tru}'],
    ['{"a":NaN}'],
    ['{"a":+1}'],
    ['{"a":01}'],
    ['{"a":.5}'],
    ['{"a":1.}'],
    ['{"a":"open}'],
    ['{"a":"escaped quote \\"}'],
    ['{"a":[1,2}'],
    ['{"a":[1'],
    ['{"a":"x" // comment\n}'],
    ['{"bad \\x escape":1}'],
    ['\ufeff{"a":1}'],
    ['{"a":1,"a":2}'],
    ['{"a":1,"\\u0061":2}'],
  ]
  test.each(table)('%j', (text) => {
    expect(scan(text)).toBeUndefined()
  })
})

describe('edit', () => {
  const table: [text: string, edits: MemberEdit[], result: string][] = [
    ['{"a":1}', [{ member: 'a', set: '2' }], '{"a":2}'],
    ['{"a":1}', [{ member: 'b', set: '"x"' }], '{"a":1,"b":"x"}'],
    ['{}', [{ member: 'b', set: '[]' }], '{"b":[]}'],
    ['{"a":1,"b":2,"c":3}', [{ member: 'b', drop: true }], '{"a":1,"c":3}'],
    ['{"a":1,"b":2}', [{ member: 'a', drop: true }], '{"b":2}'],
    ['{"a":1,"b":2}', [{ member: 'b', drop: true }], '{"a":1}'],
    ['{"a":1}', [{ member: 'a', drop: true }], '{}'],
    ['{"a":1}', [{ member: 'x', drop: true }], '{"a":1}'],
    ['{"a":1}', [{ member: 'x', rename: 'y' }], '{"a":1}'],
    ['{"a":12345678901234567890}', [{ member: 'a', rename: 'b' }], '{"b":12345678901234567890}'],
    ['{"a":1}', [{ member: 'a', rename: 'b', set: '2' }], '{"b":2}'],
    [
      '{ "a" : 1 , "b" : [ 1 ] }',
      [
        { member: 'b', set: '{}' },
        { member: 'a', rename: 'q"' },
        { member: 'c', set: 'null' },
      ],
      '{"q\\"":1,"b":{},"c":null}',
    ],
  ]
  test.each(table)('%s with %j', (text, edits, result) => {
    expect(edit(text, ...edits)).toBe(result)
  })

  test('nothing to do leaves the very bytes', () => {
    const bytes = Buffer.from(' { "a" : 1 } ')
    expect(editMembers(scanMembers(bytes) as Members, [])).toBe(bytes)
  })
})

describe('properties', () => {
  const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 8 })
  const spaces = fc.constantFrom(undefined, 1, 3, '\t')

  test('every object is scanned, member by member as JSON.parse sees it', () => {
    fc.assert(
      fc.property(object, spaces, (value, indent) => {
        const members = scanned(JSON.stringify(value, null, indent))
        const parsed = JSON.parse(JSON.stringify(value)) as Record<string, unknown>
        expect([...members.spans.keys()].toSorted()).toEqual(Object.keys(parsed).toSorted())
        for (const name of Object.keys(parsed)) expect(memberValue(members, name)).toEqual(parsed[name])
      }),
    )
  })

  /** One edit at most for each member, new names unlike all others: what the quirks see to. */
  const edits = fc.array(fc.tuple(fc.nat(10), fc.constantFrom('set', 'drop', 'rename', 'add'), fc.jsonValue()), {
    maxLength: 6,
  })

  test('edited bodies are JSON and mean what the edits say', () => {
    fc.assert(
      fc.property(object, spaces, edits, (value, indent, wishes) => {
        const expected = JSON.parse(JSON.stringify(value)) as Record<string, unknown>
        const made = new Map<string, MemberEdit>()
        for (const [at, verb, content] of wishes) {
          const names = Object.keys(value)
          const name = verb === 'add' ? `added ${at}` : (names[at % Math.max(1, names.length)] ?? 'absent')
          if (made.has(name)) continue
          made.set(name, apply(expected, name, verb, content))
        }
        const result = editMembers(scanned(JSON.stringify(value, null, indent)), [...made.values()])
        expect(JSON.parse(result.toString('utf8'))).toEqual(expected)
      }),
    )
  })

  function apply(expected: Record<string, unknown>, name: string, verb: string, content: unknown): MemberEdit {
    const before = expected[name]
    const isThere = Object.hasOwn(expected, name)
    if (verb === 'set' || verb === 'add') {
      define(expected, name, JSON.parse(JSON.stringify(content)))
      return { member: name, set: JSON.stringify(content) }
    }
    delete expected[name]
    if (verb === 'drop') return { member: name, drop: true }
    if (isThere) define(expected, `renamed ${name}`, before)
    return { member: name, rename: `renamed ${name}` }
  }

  /** As JSON.parse does it: `__proto__` is a member like any other. */
  function define(object: Record<string, unknown>, name: string, value: unknown): void {
    Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true })
  }

  test('malformed text never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'{}[]",:\\ 1-etrufalsn'), { maxLength: 30 }), (characters) => {
        const members = scan(characters.join(''))
        if (members !== undefined) for (const name of members.spans.keys()) memberValue(members, name)
      }),
    )
  })

  test('what JSON.parse takes as an object without double names, the scan takes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{', '}', '"a"', '"b"', ':', ',', '1', '[', ']', ' '), { maxLength: 12 }),
        (pieces) => {
          const text = pieces.join('')
          let value: unknown
          try {
            value = JSON.parse(text)
          } catch {
            return
          }
          if (typeof value !== 'object' || value === null || Array.isArray(value)) return
          const members = scan(text)
          if (members !== undefined) expect([...members.spans.keys()]).toEqual(Object.keys(value))
        },
      ),
      { numRuns: 2000 },
    )
  })
})

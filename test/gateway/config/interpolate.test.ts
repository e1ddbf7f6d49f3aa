import { describe, expect, test } from 'vitest'
import { escapeReferences, findReferences, interpolate } from '../../../gateway/config/interpolate.ts'
import { parseYaml } from '../../../gateway/config/yaml-source.ts'

const env = {
  NAME: 'value',
  PORT: '9000',
  PRICE: '1.5',
  NEGATIVE: '-3',
  ZEROS: '007',
  LONG: '12345678901234567890',
  YES: 'true',
  EMPTY: '',
  YAML: 'a: [b, "c\n# d',
  NESTED: '${NAME}',
  DOLLARS: '$$',
}

function read(text: string) {
  const source = parseYaml(text)
  const { problems } = interpolate(source, env)
  return { data: source.document.toJS() as unknown, problems, text: source.document.toString() }
}

describe('interpolate', () => {
  test.each([
    ['a: ${NAME}', 'value'],
    ['a: "${NAME}"', 'value'],
    ["a: '${NAME}'", 'value'],
    ['a: x-${NAME}-${PORT}', 'x-value-9000'],
    ['a: |-\n  line ${NAME}', 'line value'],
    // What a plain reference turns into is what it looks like; quotes keep it text.
    ['a: ${PORT}', 9000],
    ['a: "${PORT}"', '9000'],
    ['a: ${PRICE}', 1.5],
    ['a: ${NEGATIVE}', -3],
    ['a: ${YES}', true],
    ['a: "${YES}"', 'true'],
    // Numbers that would not come back the same stay text.
    ['a: ${ZEROS}', '007'],
    ['a: ${LONG}', '12345678901234567890'],
    // Defaults.
    ['a: ${MISSING:-8080}', 8080],
    ['a: ${MISSING:-http://localhost:1/v1}', 'http://localhost:1/v1'],
    ['a: ${NAME:-other}', 'value'],
    ['a: ${EMPTY:-other}', 'other'],
    ['a: ${MISSING:-}', null],
    ['a: "${MISSING:-}"', ''],
    ['a: x${EMPTY}y', 'xy'],
    // A dollar sign.
    ['a: $${NAME}', '${NAME}'],
    ['a: $$', '$'],
    ['a: $5 and $NAME', '$5 and $NAME'],
    ['a: $$$${NAME}', '$${NAME}'],
    // A value is data: no YAML of its own, no second round.
    ['a: ${YAML}', env.YAML],
    ['a: ${NESTED}', '${NAME}'],
    ['a: ${DOLLARS}', '$$'],
  ])('%j', (text, expected) => {
    expect(read(text)).toMatchObject({ data: { a: expected }, problems: [] })
  })

  test('leaves keys and comments alone', () => {
    const { data, text } = read('# ${NAME}\n${NAME}: 1 # ${MISSING}\n')
    expect(data).toEqual({ '${NAME}': 1 })
    expect(text).toBe('# ${NAME}\n${NAME}: 1 # ${MISSING}\n')
  })

  test('a reference behind an anchor is read once and seen everywhere', () => {
    expect(read('a: &name ${NAME}\nb: *name\n').data).toEqual({ a: 'value', b: 'value' })
  })

  test.each([
    ['a: ${MISSING}', 1, 4, 'a', 'environment variable MISSING is not set; set it, or write ${MISSING:-default}'],
    ['a: ${EMPTY}', 1, 4, 'a', 'environment variable EMPTY is empty; set it, or write ${EMPTY:-default}'],
    [
      'b:\n  - x\n  - "ab ${MISSING}"',
      3,
      9,
      'b[1]',
      'environment variable MISSING is not set; set it, or write ${MISSING:-default}',
    ],
    [
      'a:\n  b.c: [x, "${no-name}"]',
      2,
      13,
      'a["b.c"][1]',
      '"${no-name}" is not a reference; write ${NAME} or ${NAME:-default}, or $${ for a plain ${',
    ],
    ['a: ${}', 1, 4, 'a', '"${}" is not a reference; write ${NAME} or ${NAME:-default}, or $${ for a plain ${'],
    ['a: x${OPEN', 1, 5, 'a', '"${" is not a reference; write ${NAME} or ${NAME:-default}, or $${ for a plain ${'],
    [
      'a: ${NAME:?oops}',
      1,
      4,
      'a',
      '"${NAME:?oops}" is not a reference; write ${NAME} or ${NAME:-default}, or $${ for a plain ${',
    ],
  ])('%j is a problem at %i:%i', (text, ...[line, column, path, message]) => {
    expect(read(text).problems).toEqual([{ line, column, path, message }])
  })

  test('every problem of a scalar is told', () => {
    expect(read('a: ${ONE}${TWO}').problems.map(({ column }) => column)).toEqual([4, 10])
  })

  test.each(['${NAME}', '$$', 'a$b', '$$${x}', 'none'])('%j escaped means itself', (text) => {
    expect(read(`a: ${JSON.stringify(escapeReferences(text))}`).data).toEqual({ a: text })
  })
})

test('findReferences tells every name and its place, and whether it can do without', () => {
  const text = 'a: [x, "${ONE}-${TWO:-2}"]\n${KEY}: $${NO} # ${COMMENT}\nb: { c: "${ONE} ${bad name}" }\n'
  expect(findReferences(parseYaml(text))).toEqual([
    { path: ['a', 1], name: 'ONE', hasDefault: false },
    { path: ['a', 1], name: 'TWO', hasDefault: true },
    { path: ['b', 'c'], name: 'ONE', hasDefault: false },
  ])
})

test('a value may be left out where its variable is nowhere, and only there', () => {
  const source = parseYaml('a: Bearer ${X}\nb: ${X}\nc: ${X:-y}\nd: "${EMPTY}"\ne: "${NAME}"\nf: "${X} ${bad name}"\n')
  const mayBeAbsent = (path: readonly (string | number)[]) => path[0] !== 'b'
  const { absent, problems } = interpolate(source, env, mayBeAbsent)
  expect(source.document.toJS()).toMatchObject({ a: null, c: 'y', d: null, e: 'value' })
  expect(absent.map(({ path, names }) => [path[0], names])).toEqual([
    ['a', ['X']],
    ['d', ['EMPTY']],
    ['f', ['X']],
  ])
  expect(problems.map(({ path }) => path)).toEqual(['b'])
})

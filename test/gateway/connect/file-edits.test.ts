import fc from 'fast-check'
import { stringify as yamlText } from 'yaml'
import { describe, expect, test } from 'vitest'
import { isRecord, readValue, type Edit } from '../../../gateway/connect/edit.ts'
import { readText, writeValues } from '../../../gateway/connect/file-edits.ts'
import { formats, type FormatName } from '../../../gateway/connect/formats/index.ts'
import { maskKey } from '../../../gateway/connect/key-mask.ts'
import { hashOfText, undoFile, type KeptFile } from '../../../gateway/connect/undo-file.ts'
import { secretKey } from './home.ts'

/** What connecting does to a file of each kind. */
const edits: Record<FormatName, Edit[]> = {
  json: [
    { path: ['env', 'OUR_URL'], value: 'http://127.0.0.1:8080' },
    { path: ['env', 'OUR_KEY'], value: secretKey },
    { path: ['ours', 'gateway'], value: { options: { key: secretKey }, models: { a: { name: 'a' } } } },
    { path: ['list', { item: { name: 'ours' } }], value: { name: 'ours', value: 1 } },
  ],
  toml: [
    { path: ['our_provider'], value: 'gateway' },
    { path: ['env', 'our_flag'], value: true },
    { path: ['ours', 'gateway'], value: { name: 'x', key: secretKey } },
  ],
  yaml: [
    { path: ['our-url'], value: 'http://127.0.0.1:8080/v1' },
    { path: ['our-key'], value: secretKey },
    { path: ['list', { item: { name: 'ours' } }], value: { name: 'ours', roles: ['chat'] } },
  ],
  dotenv: [
    { path: ['OUR_URL'], value: 'http://127.0.0.1:8080' },
    { path: ['OUR_KEY'], value: secretKey },
  ],
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/).filter((name) => !['ours', 'list', 'env'].includes(name))
const leaf = fc.oneof(fc.string({ maxLength: 8 }), fc.integer({ min: -99, max: 99 }), fc.boolean())
const plainLeaf = fc.oneof(
  fc.stringMatching(/^[a-zA-Z][a-z ]{0,6}[a-z]$/),
  fc.integer({ min: 0, max: 99 }),
  fc.boolean(),
)
const named = fc.record({ name: word, value: leaf })

function sections(value: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> {
  const own = fc.dictionary(word, fc.oneof(value, fc.dictionary(word, value, { maxKeys: 3, minKeys: 1 })), {
    maxKeys: 4,
  })
  return fc
    .record({
      own,
      env: fc.option(fc.dictionary(word, value, { minKeys: 1, maxKeys: 3 })),
      list: fc.option(fc.array(named, { minKeys: 1, minLength: 1, maxLength: 3 } as never)),
    })
    .map(({ own: members, env, list }) => ({ ...members, ...(env && { env }), ...(list && { list }) }))
}

const layout = fc.record({
  indent: fc.constantFrom('  ', '    ', '\t', '   '),
  ending: fc.constantFrom('\n', '\r\n'),
  comments: fc.boolean(),
  commas: fc.boolean(),
  lastLine: fc.boolean(),
  mark: fc.boolean(),
})
type Layout = typeof layout extends fc.Arbitrary<infer T> ? T : never

/** Somebody's file: their data in their layout. */
const writers: Record<FormatName, (data: Record<string, unknown>, layout: Layout) => string> = {
  json(data, { indent, comments, commas }) {
    const lines = JSON.stringify(data, undefined, indent).split('\n')
    const dressed = lines.map((line, index) => {
      const isLast = !/[,{[]$/.test(line) && /^\s*[}\]]/.test(lines[index + 1] ?? '')
      return `${line}${commas && isLast ? ',' : ''}${comments && index % 2 === 1 ? ' // mine, "x": {' : ''}`
    })
    return `${comments ? '/* head */\n' : ''}${dressed.join('\n')}\n`
  },
  toml(data, { comments, indent }) {
    const row = ([name, value]: [string, unknown]): string =>
      `${name} = ${JSON.stringify(value)}${comments ? ' # [mine]' : ''}\n`
    const entries = Object.entries(data).filter(([, value]) => !Array.isArray(value))
    const tables = entries.filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1]))
    return [
      comments ? '# head\n\n' : '',
      ...entries.filter(([, value]) => !isRecord(value)).map(row),
      ...tables.map(
        ([name, members]) =>
          `\n${comments ? '# about\n' : ''}[${name}]\n${Object.entries(members)
            .map((entry) => indent + row(entry))
            .join('')}`,
      ),
    ].join('')
  },
  yaml(data, { comments }) {
    const text = Object.keys(data).length === 0 ? '' : yamlText(data, { lineWidth: 0 })
    return comments ? `# head\n${text.replaceAll(/^(\w+):$/gm, '# about\n$1: # mine')}` : text
  },
  dotenv(data, { comments }) {
    const rows = Object.entries(data).filter(([, value]) => !isRecord(value) && !Array.isArray(value))
    return rows
      .map(
        ([name, value]) =>
          `${comments ? '# A=1\nexport ' : ''}${name}=${JSON.stringify(String(value)).replaceAll('\\', '')}\n`,
      )
      .join('')
  },
}

function dressed(text: string, { ending, lastLine, mark }: Layout): string {
  const whole = (mark ? '\uFEFF' : '') + text
  return (lastLine ? whole : whole.trimEnd()).replaceAll('\n', ending)
}

function keep(format: FormatName, before: string): KeptFile & { text: string } {
  const { text, written } = writeValues(formats[format], before, edits[format], secretKey)
  return { path: '/x', before, afterHash: hashOfText(text), after: maskKey(text, secretKey), written, text }
}

describe.each(Object.keys(formats) as FormatName[])('%s', (name) => {
  const format = formats[name]
  // YAML is parsed and checked with every edit, which takes its time.
  const runs = (count: number) => ({ numRuns: name === 'yaml' ? count / 4 : count })
  const file = fc
    .tuple(sections(name === 'json' ? leaf : plainLeaf), layout)
    .map(([data, look]) => dressed(writers[name](data, look), look))
    .filter((text) => isRecord(readText(format, text)))

  test('what is not ours survives, and comes back byte for byte', () => {
    fc.assert(
      fc.property(file, (before) => {
        const kept = keep(name, before)
        const data = readText(format, kept.text)
        for (const { path, value } of edits[name]) expect(readValue(data, path)).toEqual(value)
        // Every line is still there, in order; one of them at a time may have got a comma, or its ending.
        const lines = kept.text.split('\n').map(bare)
        let at = 0
        for (const line of before.split('\n').map(bare)) {
          if (line === '' || line === '{}') continue
          const found = lines.indexOf(line, at)
          expect(found, line).not.toBe(-1)
          at = found + 1
        }
        expect(undoFile(format, kept, kept.text)).toMatchObject({ outcome: 'restored', text: before, left: [] })
      }),
      runs(100),
    )
  })

  test('what others write meanwhile survives the way back', () => {
    const addition: Edit = { path: ['theirs'], value: 'added' }
    fc.assert(
      fc.property(file, (before) => {
        const kept = keep(name, before)
        const now = writeValues(format, kept.text, [addition], undefined).text
        const undone = undoFile(format, kept, now)
        expect(undone.left).toEqual([])
        const wanted = writeValues(format, before, [addition], undefined).text
        expect(withoutEmpty(readText(format, undone.text ?? ''))).toEqual(withoutEmpty(readText(format, wanted)))
      }),
      runs(60),
    )
  })

  test('without a record of the text, by the values alone', () => {
    fc.assert(
      fc.property(file, (before) => {
        const kept = { ...keep(name, before), afterHash: '', after: '' }
        const undone = undoFile(format, kept, kept.text)
        expect(withoutEmpty(readText(format, undone.text ?? ''))).toEqual(withoutEmpty(readText(format, before)))
      }),
      runs(60),
    )
  })
})

function bare(line: string): string {
  return line.replaceAll(/[\s,\uFEFF]/g, '')
}

function withoutEmpty(data: unknown): unknown {
  return JSON.parse(
    JSON.stringify(data, (_, value: unknown) =>
      isRecord(value) && Object.keys(value).length === 0 ? undefined : value,
    ) ?? '{}',
  )
}

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../../gateway/errors.ts'
import { readBoundary } from '../../../../gateway/pipeline/forward/part-head.ts'
import { MultipartScanner } from '../../../../gateway/pipeline/forward/multipart-scanner.ts'

const boundary = 'x-b.1'

interface Read {
  /** Everything, in order. */
  bytes: string
  model: string | undefined
  /** What came before the value. */
  before: string
}

function read(chunks: Buffer[]): Read {
  const scanner = new MultipartScanner(boundary, 'model')
  const result: Read = { bytes: '', model: undefined, before: '' }
  for (const chunk of chunks) {
    for (const piece of scanner.push(chunk)) {
      if ('value' in piece) {
        result.before = result.bytes
        result.model = piece.value
      }
      result.bytes += piece.raw.toString('latin1')
    }
  }
  scanner.end()
  return result
}

function part(head: string, body: string): string {
  return `--${boundary}\r\n${head}\r\n\r\n${body}\r\n`
}

const named = (name: string, more = ''): string => `Content-Disposition: form-data; name="${name}"${more}`
const file = part(
  `${named('file', '; filename="a.wav"')}\r\nContent-Type: audio/wav`,
  `\r\n--x-b\r\n--\r\n-\r\r\n\r--${boundary}\0\xff`,
)
const model = part(named('model'), 'whisper-1')
const end = `--${boundary}--`

const good: [string, string, string | undefined][] = [
  ['model first', `${model}${file}${end}\r\n`, 'whisper-1'],
  ['model last, no line end at the end', `${file}${model}${end}`, 'whisper-1'],
  ['no model', `${file}${part(named('prompt'), 'model')}${end}\r\n`, undefined],
  ['an empty part', `${part(named('prompt'), '')}${model}${end}\r\n`, 'whisper-1'],
  ['a model of no letters', `${part(named('model'), '')}${end}`, ''],
  [
    'unquoted, other case, other headers',
    `${part('content-disposition: FORM-DATA; Name=model\r\nX-Y: z', 'm')}${end}`,
    'm',
  ],
  ['other letters', `${part(named('model'), Buffer.from('modèle').toString('latin1'))}${end}`, 'modèle'],
]

describe('forms', () => {
  test.each(good)('%s: whole', (_name, text, expected) => {
    const got = read([Buffer.from(text, 'latin1')])
    expect(got.bytes).toBe(text)
    expect(got.model).toBe(expected)
  })

  test.each(good)('%s: cut at every byte, and into single bytes', (_name, text, expected) => {
    const bytes = Buffer.from(text, 'latin1')
    const whole = read([bytes])
    expect(whole.model).toBe(expected)
    for (let at = 0; at <= bytes.length; at += 1)
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole)
    expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole)
  })

  test('a file goes on as it comes: less than a boundary is held back', () => {
    const scanner = new MultipartScanner(boundary, 'model')
    scanner.push(Buffer.from(`--${boundary}\r\n${named('file', '; filename="f"')}\r\n\r\n`))
    const chunk = Buffer.alloc(100_000, '\r\n--x-b.')
    const out = scanner.push(chunk).reduce((sum, { raw }) => sum + raw.length, 0)
    expect(chunk.length - out).toBeLessThan(`\r\n--${boundary}`.length)
  })
})

const bad: [string, string, RegExp][] = [
  ['nothing', '', /ends before/],
  ['a preamble', `hello\r\n${model}${end}`, /does not begin/],
  ['another boundary', `--other\r\n${named('model')}\r\n\r\nm\r\n--other--`, /does not begin/],
  ['no end', model, /ends before/],
  ['half an end', `${model}--${boundary}-`, /ends before/],
  ['half a line end behind it', `${model}${end}\r`, /ends before/],
  ['something behind the end', `${model}${end}\r\nmore`, /something follows/],
  ['another part behind the end', `${model}${end}\r\n${model}${end}`, /something follows/],
  ['two models', `${model}${model}${end}`, /more than once/],
  ['a list of models', `${part(named('model[]'), 'x')}${end}`, /no list/],
  ['a model as a file', `${part(named('model', '; filename="m"'), 'x')}${end}`, /plain text/],
  ['an encoded model', `${part(`${named('model')}\r\nContent-Transfer-Encoding: base64`, 'bQ==')}${end}`, /plain text/],
  ['a model with a line end', `${part(named('model'), 'a\r\nb')}${end}`, /characters/],
  ['a model without an end', `${part(named('model'), 'x'.repeat(5000))}${end}`, /too long/],
  ['the boundary in a part', `${part(named('file'), `a\r\n--${boundary}x`)}${end}`, /inside a part/],
  ['a part without a head', `--${boundary}\r\n\r\nx\r\n${end}`, /no name/],
  ['a part without a name', `${part('Content-Type: text/plain', 'x')}${end}`, /no name/],
  ['a head without an end', `--${boundary}\r\n${named('file')}${'x'.repeat(20_000)}`, /malformed|too long/],
  ['a boundary right behind a head', `--${boundary}\r\n${named('a')}\r\n${model}${end}`, /malformed/],
  ['a folded header', `${part('Content-Disposition: form-data;\r\n name="model"', 'x')}${end}`, /malformed|no name/],
  ['bare line feeds', `--${boundary}\r\n${named('a')}\nX: y\r\n\r\nx\r\n${end}`, /malformed/],
  ['two dispositions', `${part(`${named('a')}\r\n${named('model')}`, 'x')}${end}`, /two headers/],
  ['two names', `${part('Content-Disposition: form-data; name="a"; name="model"', 'x')}${end}`, /ambiguous/],
  [
    'an extended name',
    `${part('Content-Disposition: form-data; name*=utf-8\'\'model; name="a"', 'x')}${end}`,
    /ambiguous/,
  ],
  ['a backslash before a quote', `${part(named('a', '; filename="x\\"; name="model"'), 'x')}${end}`, /ambiguous/],
  ['an escaped name', `${part(named('mod\\el'), 'x')}${end}`, /ambiguous/],
]

test.each(bad)('refused: %s', (_name, text, message) => {
  const bytes = Buffer.from(text, 'latin1')
  for (const chunks of [[bytes], [...bytes].map((byte) => Buffer.from([byte]))]) {
    let error: unknown
    try {
      read(chunks)
    } catch (reason) {
      error = reason
    }
    expect(error).toBeInstanceOf(GatewayError)
    expect(error).toMatchObject({ code: 'invalid_request', message: expect.stringMatching(message) as string })
  }
})

test('whatever a browser makes of fields and files, in any pieces', async () => {
  const name = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/^model|\\/.test(text))
  const content = fc.uint8Array({ maxLength: 300 })
  const field = fc.record({ name, content, isFile: fc.boolean() })
  const cuts = fc.array(fc.nat(2000), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(fc.array(field, { maxLength: 4 }), fc.nat(4), cuts, async (fields, modelAt, at) => {
      const form = new FormData()
      const add = (index: number): void =>
        index === Math.min(modelAt, fields.length) ? form.append('model', 'm-1') : undefined
      for (const [index, { name, content, isFile }] of fields.entries()) {
        add(index)
        if (isFile) form.append(name, new File([content], `${name}.bin`))
        else form.append(name, Buffer.from(content).toString('latin1'))
      }
      add(fields.length)
      const sent = new Response(form)
      const bytes = Buffer.from(await sent.arrayBuffer())
      const scanner = new MultipartScanner(readBoundary(sent.headers.get('content-type') ?? ''), 'model')
      const ends = [...at.map((cut) => Math.min(cut, bytes.length)), bytes.length].toSorted((a, b) => a - b)
      const pieces = ends.flatMap((end, index) => scanner.push(bytes.subarray(ends[index - 1] ?? 0, end)))
      scanner.end()
      expect(Buffer.concat(pieces.map(({ raw }) => raw)).equals(bytes)).toBe(true)
      expect(pieces.flatMap((piece) => ('value' in piece ? piece.value : []))).toEqual(['m-1'])
    }),
    { numRuns: 300 },
  )
})

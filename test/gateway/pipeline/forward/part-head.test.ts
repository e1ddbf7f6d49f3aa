import { describe, expect, test } from 'vitest'
import { formContentType, readBoundary, readPartHead } from '../../../../gateway/pipeline/forward/part-head.ts'

describe('boundary', () => {
  const good: [string, string][] = [
    ['multipart/form-data; boundary=----WebKitFormBoundary7MA4', '----WebKitFormBoundary7MA4'],
    ['Multipart/Form-Data;boundary="a b:c"', 'a b:c'],
    ['multipart/form-data; boundary=abc; charset=utf-8', 'abc'],
  ]
  test.each(good)('%s', (type, boundary) => {
    expect(readBoundary(type)).toBe(boundary)
    expect(readBoundary(formContentType(boundary))).toBe(boundary)
  })

  test.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary="a "',
    'multipart/form-data; boundary=a; boundary=b',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
    'multipart/form-data; boundary="a\\"b"',
    'multipart/form-data; boundary=ä',
    'multipart/mixed; boundary=a',
  ])('refused: %s', (type) => {
    expect(() => readBoundary(type)).toThrow(/names no boundary/)
  })
})

test('the heads that real clients write', () => {
  const heads: [string, object][] = [
    // curl, undici, form-data of npm, httpx, requests with a name that is not ASCII.
    ['Content-Disposition: form-data; name="model"', { name: 'model', isPlain: true }],
    [
      'Content-Disposition: form-data; name="file"; filename="a;b=c.wav"\r\nContent-Type: audio/wav',
      { name: 'file', isPlain: false },
    ],
    ['Content-Disposition: form-data; name="file"; filename="a%22b.wav"', { name: 'file', isPlain: false }],
    [
      'Content-Disposition: form-data; name="file"; filename*=utf-8\'\'na%C3%AFve.wav',
      { name: 'file', isPlain: false },
    ],
    [
      'Content-Disposition: form-data; name=model\r\nContent-Type: text/plain; charset=utf-8',
      { name: 'model', isPlain: true },
    ],
    ['Content-Disposition: form-data; name="file"; filename="C:\\\\dir\\\\a.wav"', { name: 'file', isPlain: false }],
  ]
  for (const [head, expected] of heads) expect(readPartHead(head)).toEqual(expected)
})

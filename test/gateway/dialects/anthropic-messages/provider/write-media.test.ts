import { expect, test } from 'vitest'
import type { UserPart } from '../../../../../gateway/chat/request.ts'
import { GatewayError } from '../../../../../gateway/errors.ts'
import { written } from './written.ts'

const pdf = Buffer.from('%PDF-1.7 …').toString('base64')
const words = Buffer.from('Grüße, 世界').toString('base64')

const carried: [name: string, part: UserPart, block: unknown][] = [
  [
    'image, base64',
    { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'iVBO' }, detail: 'auto' },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } },
  ],
  [
    'image/jpg is image/jpeg',
    { type: 'image', source: { type: 'base64', mediaType: 'image/jpg', data: '/9j/' } },
    { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: '/9j/' } },
  ],
  [
    'image, URL',
    { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' }, cacheControl: {} },
    {
      type: 'image',
      source: { type: 'url', url: 'https://example.com/a.png' },
      cache_control: { type: 'ephemeral' },
    },
  ],
  [
    'image, uploaded',
    { type: 'image', source: { type: 'id', id: 'file_1' } },
    { type: 'image', source: { type: 'file', file_id: 'file_1' } },
  ],
  [
    'PDF, base64',
    { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: pdf }, filename: 'a.pdf' },
    { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf }, title: 'a.pdf' },
  ],
  [
    'PDF by its first bytes',
    { type: 'file', source: { type: 'base64', mediaType: 'application/octet-stream', data: pdf } },
    { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
  ],
  [
    'PDF by its name',
    { type: 'file', source: { type: 'base64', mediaType: '', data: 'AAAA' }, filename: 'A.PDF' },
    { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' }, title: 'A.PDF' },
  ],
  [
    'document, URL',
    { type: 'file', source: { type: 'url', url: 'https://example.com/a.pdf' } },
    { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
  ],
  [
    'document, uploaded',
    { type: 'file', source: { type: 'id', id: 'file_1' } },
    { type: 'document', source: { type: 'file', file_id: 'file_1' } },
  ],
  [
    'text',
    { type: 'file', source: { type: 'base64', mediaType: 'text/plain; charset=utf-8', data: words } },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Grüße, 世界' } },
  ],
  [
    'text of another type, by its name',
    { type: 'file', source: { type: 'base64', mediaType: '', data: words }, filename: 'a.md' },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Grüße, 世界' }, title: 'a.md' },
  ],
  [
    'an image told as a file',
    { type: 'file', source: { type: 'base64', mediaType: 'image/png', data: 'iVBO' } },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } },
  ],
]

test.each(carried)('%s', (_name, part, block) => {
  const loss = written({ messages: [{ role: 'user', parts: [part] }] })
  expect(loss.value['messages']).toEqual([{ role: 'user', content: [block] }])
  expect(loss.warnings).toEqual([])
})

test('the resolution of an image that was asked for is told to be lost', () => {
  const part = { type: 'image', source: { type: 'url', url: 'https://a' }, detail: 'high' } as const
  expect(written({ messages: [{ role: 'user', parts: [part] }] }).warnings).toMatchObject([
    { feature: 'messages[0].content[0].detail' },
  ])
})

const refused: [name: string, part: UserPart][] = [
  ['audio', { type: 'audio', format: 'wav', data: 'AAAA' }],
  ['a spreadsheet', { type: 'file', source: { type: 'base64', mediaType: 'application/vnd.ms-excel', data: 'AAAA' } }],
  ['a file of unknown type', { type: 'file', source: { type: 'base64', mediaType: '', data: 'AAAA' } }],
]

test.each(refused)('%s stops the call and names the part', (_name, part) => {
  const write = () =>
    written({
      messages: [
        { role: 'system', parts: [] },
        { role: 'user', parts: [{ type: 'text', text: 'a' }, part] },
      ],
    })
  expect(write).toThrow(GatewayError)
  expect(write).toThrow(
    expect.objectContaining({ code: 'unsupported_content', status: 400, param: 'messages[1].content[1]' }),
  )
})

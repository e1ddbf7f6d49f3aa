import { describe, expect, test } from 'vitest'
import {
  draftEdit,
  draftProblems,
  foreignHost,
  readLink,
  startDraft,
} from '../../../../renderer/pages/providers/provider-draft.ts'
import { entryOf } from './entry-of.ts'

const groq = entryOf('groq')
const own = entryOf('openai-compatible', { baseUrl: null, needsBaseUrl: true, keyPage: null })
const entries = [groq, own]

describe('readLink', () => {
  test.each([
    ['nothing asked', '', undefined],
    ['parameters of another page', 'name=x&type=groq', undefined],
    ['a type of our own', 'add=groq', { type: 'groq', draft: { name: 'groq', baseUrl: '' }, isFilledIn: false }],
    [
      'a link',
      'from=link&type=groq&name=work',
      { type: 'groq', draft: { name: 'work', baseUrl: '' }, isFilledIn: true },
    ],
    [
      'a name that is taken is never the one that is there',
      'from=link&type=groq&name=Openai&baseUrl=https://a.example',
      { type: 'groq', draft: { name: 'Openai-2', baseUrl: 'https://a.example' }, isFilledIn: true },
    ],
    [
      'only an address: any server',
      'from=link&name=lab&baseUrl=https://a.example/v1',
      { type: 'openai-compatible', draft: { name: 'lab', baseUrl: 'https://a.example/v1' }, isFilledIn: true },
    ],
    [
      'the name of a vendor',
      'from=link&name=groq',
      { type: 'groq', draft: { name: 'groq', baseUrl: '' }, isFilledIn: true },
    ],
  ])('%s', (_, search, expected) => {
    const link = readLink(new URLSearchParams(search), entries, ['openai'])
    expect(
      link === undefined ? undefined : { type: link.type, draft: link.draft, isFilledIn: link.isFilledIn },
    ).toEqual(expected)
  })

  test('an unknown type has no entry, so that no form opens', () => {
    expect(readLink(new URLSearchParams('add=nope'), entries, [])?.entry).toBeUndefined()
  })
})

test.each([
  ['no address of its own', '', undefined],
  ['the address of the catalogue', 'https://api.groq.com/other', undefined],
  ['another', 'https://proxy.example/v1', 'proxy.example'],
  ['not an address', 'proxy', undefined],
])('foreignHost: %s', (_, baseUrl, expected) => {
  expect(foreignHost({ name: 'groq', baseUrl }, groq)).toBe(expected)
})

test.each([
  ['sound', 'work', 'https://a.example', {}],
  ['no name', ' ', '', { name: 'Enter a name.' }],
  ['taken', 'OPENAI', '', { name: 'There is a provider of this name already. Choose another name.' }],
  ['not a name', 'my groq', '', { name: 'Use letters, digits, ".", "_" and "-".' }],
  ['not an address', 'work', 'ftp://a.example', { baseUrl: 'Expected an http:// or https:// address.' }],
])('draftProblems: %s', (_, name, baseUrl, expected) => {
  expect(draftProblems({ name, baseUrl }, groq, ['openai'])).toEqual(expected)
})

test('a server of one’s own needs its address', () => {
  expect(draftProblems({ name: 'lab', baseUrl: '' }, own, [])).toEqual({ baseUrl: 'Enter the address of the server.' })
})

test('a draft starts with a free name and is saved without an address that nobody gave', () => {
  const draft = startDraft(groq, ['groq'])
  expect(draft).toEqual({ name: 'groq-2', baseUrl: '' })
  expect(draftEdit(draft, groq)).toEqual({ name: 'groq-2', type: 'groq' })
  expect(draftEdit({ name: ' lab ', baseUrl: ' https://a.example ' }, own)).toEqual({
    name: 'lab',
    type: 'openai-compatible',
    baseUrl: 'https://a.example',
  })
})

import { describe, expect, test } from 'vitest'
import { entryOf } from './entry-of.ts'
import { freeName, groupCatalog, hostOf, placeOf } from '../../../../renderer/pages/providers/catalog.ts'

const openai = entryOf('openai', { title: 'OpenAI' })
const azure = entryOf('azure', { title: 'Azure OpenAI', baseUrl: null, needsBaseUrl: true })
const ollama = entryOf('ollama', {
  title: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  isLocal: true,
  keyPage: null,
})
const own = entryOf('openai-compatible', { title: 'Any server', baseUrl: null, needsBaseUrl: true, keyPage: null })
const all = [openai, azure, ollama, own]

describe('groupCatalog', () => {
  test.each([
    [
      'everything',
      '',
      { Providers: ['openai', 'azure'], 'On this machine': ['ollama'], 'Any other server': ['openai-compatible'] },
    ],
    ['by title, whatever the case', 'AZURE', { Providers: ['azure'] }],
    ['by address', '11434', { 'On this machine': ['ollama'] }],
    ['all words', 'azure openai', { Providers: ['azure'] }],
    ['nothing', 'nope', {}],
  ])('%s', (_, search, expected) => {
    const groups = groupCatalog(all, search).map(({ title, entries }) => [title, entries.map(({ id }) => id)])
    expect(Object.fromEntries(groups)).toEqual(expected)
  })
})

test.each([
  ['a vendor', openai, 'api.openai.com'],
  ['its own port', ollama, '127.0.0.1:11434'],
  ['no address', azure, 'At your own address'],
  ['in process', entryOf('demo', { baseUrl: 'demo://local' }), 'In this program'],
])('placeOf: %s', (_, entry, expected) => {
  expect(placeOf(entry)).toBe(expected)
})

test.each([
  ['https://a.example/v1', 'a.example'],
  ['http://[::1]:8080', '[::1]:8080'],
  ['demo://local', undefined],
  ['no url', undefined],
  ['', undefined],
])('hostOf(%j)', (url, expected) => {
  expect(hostOf(url)).toBe(expected)
})

test.each([
  ['free', 'groq', [], 'groq'],
  ['taken', 'groq', ['groq'], 'groq-2'],
  ['taken in another case', 'groq', ['Groq', 'groq-2'], 'groq-3'],
])('freeName: %s', (_, wanted, taken, expected) => {
  expect(freeName(wanted, taken)).toBe(expected)
})

import { describe, expect, test } from 'vitest'
import { configSchema } from '../../../../gateway/config/schema.ts'
import { methods, type ProviderHeader } from '../../../../gateway/contract.ts'
import {
  headerWords,
  moreChanges,
  moreProblems,
  moreSummary,
  startMore,
  untouched,
  usual,
  type HeaderDraft,
  type MoreForm,
} from '../../../../renderer/pages/providers/more-form.ts'
import { providerOf } from './provider-of.ts'

const team: ProviderHeader = { name: 'X-Team', state: 'set', reference: null }
const token: ProviderHeader = { name: 'x-token', state: 'set', reference: 'TOKEN' }
const provider = providerOf({
  dialects: ['openai-responses', 'openai-chat'],
  apiVersion: '2024-10-21',
  deployments: { a: '1', b: '2' },
  headers: [team, token],
  modelMap: { '*': 'a' },
})
const start = startMore(provider)

function kept(header: ProviderHeader, value?: string): HeaderDraft {
  return { name: header.name, kept: header, value }
}

function added(name: string, value: string): HeaderDraft {
  return { name, kept: undefined, value }
}

describe('moreChanges', () => {
  test.each<[string, Partial<MoreForm>, object]>([
    ['nothing', {}, {}],
    [
      'another format first',
      { dialects: ['openai-chat', 'openai-responses'] },
      { dialects: ['openai-chat', 'openai-responses'] },
    ],
    ['what is known of the type', { dialects: [] }, { dialects: null }],
    ['the version taken out', { apiVersion: ' ' }, { apiVersion: null }],
    [
      'a deployment changed, one added, one removed',
      {
        deployments: [
          { from: 'b', to: '3' },
          { from: ' c ', to: ' 4 ' },
        ],
      },
      { deployments: { b: '3', c: '4', a: null } },
    ],
    ['rows moved, and one left empty', { deployments: [...start.deployments.toReversed(), { from: '', to: ' ' }] }, {}],
    ['a header replaced', { headers: [kept(team, ' blue '), kept(token)] }, { headers: { 'X-Team': 'blue' } }],
    ['a header removed', { headers: [kept(token)] }, { headers: { 'X-Team': null } }],
    [
      'removed and typed anew: set, not taken out',
      { headers: [kept(token), added('x-team', 'green'), added('', '')] },
      { headers: { 'x-team': 'green' } },
    ],
    ['no stand-in', { modelMap: [] }, { modelMap: { '*': null } }],
    ['a number taken out', { maxRetries: undefined }, { maxRetries: null }],
  ])('%s', (_, change, expected) => {
    const changes = moreChanges(start, { ...start, ...change })
    expect(changes).toEqual(expected)
    expect(methods['providers.save'].input.safeParse({ name: 'azure', ...changes }).success).toBe(true)
  })

  test('a new provider has nothing that nobody set', () => {
    expect(moreChanges(untouched, untouched)).toEqual({})
  })
})

test.each<[string, Partial<MoreForm>, object]>([
  ['sound', {}, {}],
  ['empty rows are none', { deployments: [{ from: '', to: '' }], headers: [added('', '')] }, {}],
  ['half a row', { modelMap: [{ from: 'a', to: '' }] }, { modelMap: 'Fill in both sides of each row.' }],
  [
    'twice',
    {
      deployments: [
        { from: 'a', to: '1' },
        { from: 'a ', to: '2' },
      ],
    },
    { deployments: '“a” stands twice. Remove one of the rows.' },
  ],
  [
    'a header twice, whatever its case',
    { headers: [kept(team), added('x-team', 'a')] },
    { headers: '“x-team” stands twice. Remove one of the rows.' },
  ],
  ['a header without a value', { headers: [kept(team, '')] }, { headers: 'Give each header a name and a value.' }],
  ['a header whose name is none', { headers: [added('x team', 'a')] }, { headers: '“x team”: not a header name.' }],
  [
    'a value of two lines, which is not repeated',
    { headers: [added('x-a', 'secret\u0100')] },
    { headers: '“x-a”: a header value is one line of Latin text.' },
  ],
])('moreProblems: %s', (_, change, expected) => {
  expect(moreProblems({ ...start, ...change })).toEqual(expected)
})

test('what is shown as usual is what the gateway takes', () => {
  const [made] = configSchema.parse({ providers: [{ name: 'any' }] }).providers
  expect(usual).toEqual({
    priority: made?.priority,
    timeoutMs: made?.timeout,
    connectTimeoutMs: made?.connectTimeout,
    idleTimeoutMs: made?.idleTimeout,
    maxRetries: made?.maxRetries,
  })
})

test('moreSummary', () => {
  expect(moreSummary(start)).toBe('2 wire formats, 2 headers, 1 stand-in')
  expect(moreSummary(untouched)).toBe('Headers, stand-ins, order, patience and retries')
})

test.each<[Partial<ProviderHeader>, string]>([
  [{}, 'set'],
  [{ reference: 'TOKEN' }, 'from TOKEN'],
  [{ reference: 'TOKEN', state: 'missing' }, 'TOKEN is nowhere to be found'],
])('headerWords %j', (more, words) => {
  expect(headerWords({ ...team, ...more })).toBe(words)
})

import { describe, expect, test } from 'vitest'
import { keyName, referenceName, writtenData, writtenProviders } from '../../../gateway/api/keys-reference.ts'
import { findRow } from '../../../gateway/providers/provider.ts'

test.each([
  ['${OPENAI_API_KEY}', 'OPENAI_API_KEY'],
  ['${K:-none}', 'K'],
  [' ${K} ', 'K'],
  ['sk-${K}', undefined],
  ['${1K}', undefined],
  ['sk-1234', undefined],
  [undefined, undefined],
  [7, undefined],
])('%j refers to %s', (value, name) => {
  expect(referenceName(value)).toBe(name)
})

test('providers as they are written', () => {
  const text =
    'providers:\n  - name: openai\n    apiKey: ${OPENAI_API_KEY}\n  - nonsense\n  - { name: x, apiKey: "sk-1" }\n'
  expect(writtenProviders(writtenData(text)).map(({ name, index, reference }) => [name, index, reference])).toEqual([
    ['openai', 0, 'OPENAI_API_KEY'],
    ['x', 2, undefined],
  ])
  expect(writtenProviders(writtenData(''))).toEqual([])
})

describe('the name of a key', () => {
  const openai = findRow('openai')
  const written = (providers: string[]) =>
    writtenProviders({
      providers: providers.map((pair) => ({ name: pair.split(' ')[0], apiKey: `\${${pair.split(' ')[1]}}` })),
    })
  test.each([
    ['its vendor’s', 'openai', openai, [], 'OPENAI_API_KEY'],
    ['the one it has', 'openai', openai, ['openai MINE'], 'MINE'],
    [
      'of its own where another has the vendor’s',
      'openai-work',
      openai,
      ['openai OPENAI_API_KEY'],
      'OPENAI_WORK_API_KEY',
    ],
    ['numbered where that is taken too', 'a', undefined, ['b A_API_KEY', 'c A_API_KEY_2'], 'A_API_KEY_3'],
    ['of its own where no vendor is known', '9.my-box', undefined, [], '_9_MY_BOX_API_KEY'],
  ] as const)('%s', (_name, provider, row, providers, name) => {
    expect(keyName(provider, row, written([...providers]))).toBe(name)
  })
})

import { expect, test } from 'vitest'
import { withHeaderValues } from '../../../gateway/api/providers-headers.ts'
import { memorySecrets } from './memory-configuration.ts'

const secrets = memorySecrets({ TEAM: 'blue', PORT: '8080' })

test.each([
  ['as it is', { 'x-a': 'plain' }, { 'x-a': 'plain' }],
  ['taken out', { 'x-a': null }, { 'x-a': null }],
  ['a reference in a text', { 'x-a': 'team ${TEAM}' }, { 'x-a': 'team blue' }],
  ['digits stay text', { 'x-a': '${PORT}', 'x-b': '8080' }, { 'x-a': '8080', 'x-b': '8080' }],
  ['a default', { 'x-a': '${NOWHERE:-grey}' }, { 'x-a': 'grey' }],
  ['a plain $', { 'x-a': '$$5 "a" \\' }, { 'x-a': '$5 "a" \\' }],
])('%s', async (_name, headers, expected) => {
  expect(await withHeaderValues({ name: 'p', headers }, secrets)).toEqual({ name: 'p', headers: expected })
})

test('what is nowhere is named', async () => {
  await expect(withHeaderValues({ name: 'p', headers: { 'x-a': '${NOWHERE}' } }, secrets)).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('headers: environment variable NOWHERE is not set') as string,
  })
})

import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../../gateway/contract.ts'
import { exposureOf, hostChoiceOf, hostProblem, opensUp } from '../../../../renderer/pages/settings/exposure.ts'

describe('exposureOf', () => {
  test.each([
    ['127.0.0.1', true, 'own-machine'],
    ['127.8.0.1', true, 'own-machine'],
    ['localhost', true, 'own-machine'],
    ['::1', true, 'own-machine'],
    ['[::1]', true, 'own-machine'],
    ['0.0.0.0', true, 'open'],
    ['192.168.1.20', true, 'open'],
    ['::', true, 'open'],
    ['localhost.example.com', true, 'open'],
    ['0.0.0.0', false, 'keys-only'],
  ])('%s, anonymous %s', (host, anonymous, exposure) => expect(exposureOf({ host, anonymous })).toBe(exposure))
})

describe('opensUp', () => {
  const at = (host: string, anonymous: boolean) => ({ host, anonymous }) as Settings
  test.each<[string, Settings, Partial<Settings>, boolean]>([
    ['the address of a gateway without keys', at('127.0.0.1', true), { host: '0.0.0.0' }, true],
    ['calls without a key on a network', at('0.0.0.0', false), { anonymous: true }, true],
    ['the address where keys are asked for', at('127.0.0.1', false), { host: '0.0.0.0' }, false],
    ['both, to keys only', at('127.0.0.1', true), { host: '0.0.0.0', anonymous: false }, false],
    ['something else where it is open already', at('0.0.0.0', true), { port: 9090 }, false],
  ])('%s', (_, before, edit, expected) => expect(opensUp(before, edit)).toBe(expected))
})

test.each([
  ['127.0.0.1', 'own-machine'],
  ['0.0.0.0', 'all'],
  ['::', 'all'],
  ['10.0.0.5', 'other'],
])('hostChoiceOf(%s)', (host, choice) => expect(hostChoiceOf(host)).toBe(choice))

test.each([
  ['192.168.1.20', false],
  ['fe80::1', false],
  ['my-machine.local', false],
  ['', true],
  ['http://192.168.1.20', true],
  ['192.168.1.20:8080', true],
  ['two words', true],
])('hostProblem(%s)', (host, isProblem) => expect(hostProblem(host) !== undefined).toBe(isProblem))

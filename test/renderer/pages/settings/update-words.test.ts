import { describe, expect, test } from 'vitest'
import type { UpdateState } from '../../../../gateway/contract.ts'
import { updateWords } from '../../../../renderer/pages/settings/update-words.ts'

const told = (edit: Partial<UpdateState>): UpdateState => ({
  state: 'idle',
  version: null,
  progress: null,
  reason: null,
  ...edit,
})

describe('updateWords', () => {
  test.each<[UpdateState | undefined, RegExp, string | undefined]>([
    [undefined, /0\.1\.0 runs/, 'check'],
    [told({}), /0\.1\.0 runs/, 'check'],
    [told({ state: 'unsupported', reason: 'Use the package manager.' }), /^Use the package manager/, undefined],
    [told({ state: 'checking' }), /Looking/, undefined],
    [told({ state: 'none' }), /0\.1\.0 is the newest/, 'check'],
    [told({ state: 'available', version: '0.2.0' }), /^Version 0\.2\.0 is there/, 'download'],
    [told({ state: 'available' }), /^A new version is there/, 'download'],
    [told({ state: 'downloading', version: '0.2.0', progress: 0.424 }), /0\.2\.0: 42 %/, undefined],
    [told({ state: 'ready', version: '0.2.0' }), /0\.2\.0 is ready/, 'install'],
    [told({ state: 'failed', reason: 'No connection.' }), /^No connection/, 'check'],
  ])('%j', (update, text, step) => {
    const words = updateWords(update, '0.1.0')
    expect(words.text).toMatch(text)
    expect(words.step).toBe(step)
    expect(words.label === undefined).toBe(step === undefined)
  })

  test('progress is shown only while something comes', () => {
    expect(updateWords(told({ state: 'downloading', progress: 0.4 }), '1').progress).toBe(0.4)
    expect(updateWords(told({ state: 'downloading' }), '1').progress).toBe(0)
    expect(updateWords(told({ state: 'available' }), '1').progress).toBeUndefined()
  })
})

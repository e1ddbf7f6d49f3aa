import { expect, test } from 'vitest'
import { countsWhileTyping, matchesHotkey, type KeyPress } from '../../../renderer/lib/hotkey.ts'

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

test.each<[string, Partial<KeyPress> & { key: string }, isMac: boolean, boolean]>([
  ['mod+k', { key: 'k', ctrlKey: true }, false, true],
  ['mod+k', { key: 'k', metaKey: true }, false, false],
  ['mod+k', { key: 'k', metaKey: true }, true, true],
  ['mod+k', { key: 'k' }, false, false],
  ['k', { key: 'k', ctrlKey: true }, false, false],
  ['?', { key: '?', shiftKey: true }, false, true],
  ['/', { key: '/' }, false, true],
  ['j', { key: 'J', shiftKey: true }, false, false],
  ['escape', { key: 'Escape' }, false, true],
])('%s and %j (mac: %s): %s', (keys, press, isMac, expected) => {
  expect(matchesHotkey(keys, { ...none, ...press }, isMac)).toBe(expected)
})

test('single keys belong to the text that is typed', () => {
  expect(countsWhileTyping('t')).toBe(false)
  expect(countsWhileTyping('mod+k')).toBe(true)
})

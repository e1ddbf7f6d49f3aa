import { expect, test } from 'vitest'
import { isOwnSender } from '../../main/sender.ts'

test.each([
  ['our page', { url: 'app://ui/index.html#/traffic', parent: null }, true],
  ['a frame in our page', { url: 'app://ui/index.html', parent: {} }, false],
  ['a frame that is gone', null, false],
  ['a host that begins like ours', { url: 'app://ui.evil/index.html', parent: null }, false],
  ['another host', { url: 'app://other/index.html', parent: null }, false],
  ['another scheme', { url: 'https://ui/index.html', parent: null }, false],
  ['a file', { url: 'file:///app/ui/index.html', parent: null }, false],
  ['a page of data', { url: 'data:text/html,app://ui/', parent: null }, false],
  ['nothing yet', { url: '', parent: null }, false],
])('%s', (_name, frame, isOwn) => {
  expect(isOwnSender(frame)).toBe(isOwn)
})

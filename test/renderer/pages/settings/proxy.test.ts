import { expect, test } from 'vitest'
import { readProxy } from '../../../../renderer/pages/settings/proxy.ts'

const masked = 'http://***@proxy.test:3128'

test.each([
  ['empty: none', ' ', masked, null],
  ['as it is', 'http://proxy.test:3128', null, 'http://proxy.test:3128'],
  ['the scheme may be left out', 'proxy.test:3128', null, 'http://proxy.test:3128'],
  ['with a password', 'http://me:secret@proxy.test', masked, 'http://me:secret@proxy.test'],
  ['the masked one, unchanged', masked, masked, masked],
])('%s', (_, text, shown, proxy) => expect(readProxy(text, shown)).toEqual({ proxy }))

test.each([
  ['a mask is never saved as a password', 'http://***@other.test:3128', masked],
  ['another protocol', 'socks5://proxy.test', null],
  ['a path', 'http://proxy.test/path', null],
  ['no address', 'http://', null],
])('%s is refused', (_, text, shown) => {
  expect(readProxy(text, shown)).toEqual({ problem: expect.stringMatching(/type the whole|Enter an address/) })
})

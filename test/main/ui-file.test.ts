import { expect, test } from 'vitest'
import { uiFile } from '../../main/ui-file.ts'

test.each([
  ['app://ui/', '/app/dist/renderer/index.html'],
  ['app://ui/index.html?x=1#/traffic', '/app/dist/renderer/index.html'],
  ['app://ui/assets/a%20b.js', '/app/dist/renderer/assets/a b.js'],
  ['app://ui/../../etc/passwd', '/app/dist/renderer/etc/passwd'],
  ['app://ui/%2e%2e/%2e%2e/secret', '/app/dist/renderer/secret'],
  ['app://ui/..%2f..%2fmain/main.mjs', undefined],
  ['app://ui/..%5c..%5cmain', undefined],
  ['app://ui/a%00.js', undefined],
  ['app://ui/%', undefined],
  ['app://ui/..%2Frenderer-evil/x', undefined],
  ['app://other/index.html', undefined],
])('%s', (address, file) => {
  expect(uiFile(address, '/app/dist/renderer')).toBe(file)
})

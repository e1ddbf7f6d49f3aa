import { expect, test } from 'vitest'
import { refusedExternal } from '../../main/external-links.ts'

const keyPages = ['https://platform.openai.com/api-keys', 'not an address']

test.each([
  ['https://platform.openai.com/api-keys', true],
  ['https://platform.openai.com/docs', true],
  ['https://github.com/anybody/anything', true],
  ['http://platform.openai.com/api-keys', false],
  ['https://platform.openai.com.evil.example/', false],
  ['https://platform.openai.com:8443/', false],
  ['https://user@platform.openai.com/', false],
  ['https://evil.example/?x=https://github.com', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['ms-settings:', false],
  ['github.com', false],
])('%s opens: %s', (address, opens) => {
  expect(refusedExternal(address, keyPages) === undefined).toBe(opens)
})

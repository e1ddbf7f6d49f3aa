import { expect, test } from 'vitest'
import { namesInWords } from '../../../../renderer/pages/settings/waiting.ts'

test.each([
  [[], ''],
  [['port'], 'the port'],
  [['port', 'proxy'], 'the port and the proxy'],
  [['host', 'port', 'proxy'], 'the address, the port and the proxy'],
  [['somethingNew'], 'somethingNew'],
])('namesInWords(%j)', (names, words) => expect(namesInWords(names)).toBe(words))

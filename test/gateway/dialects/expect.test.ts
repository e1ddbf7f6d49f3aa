import { expect, test } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { optionalInteger, optionalNumber } from '../../../gateway/dialects/expect.ts'

test.each([optionalNumber, optionalInteger])('1e400, which no JSON can say again, is refused: %o', (read) => {
  const body = JSON.parse('{"temperature":1e400}') as JsonObject
  expect(() => read(body, 'temperature')).toThrow("Invalid type for 'temperature'")
})

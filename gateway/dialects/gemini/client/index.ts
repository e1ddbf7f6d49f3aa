import type { ClientSide } from '../../dialect.ts'
import { GeminiStreamEncoder } from './encode-stream.ts'
import { encodeWhole } from './encode-whole.ts'
import { encodeError, encodeStreamError } from './errors.ts'
import { readGemini } from './read.ts'
import { unsealFor } from './unseal.ts'

/** How clients of Gemini's generateContent speak to the gateway. */
export const geminiClient: ClientSide = {
  encodeError,
  encodeStreamError,
  handsOn: ['x-goog-api-client'],
  unsealFor,
  chat: {
    idPrefix: '',
    read: readGemini,
    encodeStream: (about) => new GeminiStreamEncoder(about),
    encodeWhole,
  },
}

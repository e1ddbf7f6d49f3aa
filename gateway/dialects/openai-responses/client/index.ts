import type { ClientSide } from '../../dialect.ts'
import { encodeError } from '../../openai-chat/client/errors.ts'
import { ResponsesStreamEncoder } from './encode-stream.ts'
import { encodeWhole } from './encode-whole.ts'
import { encodeStreamError } from './errors.ts'
import { responsesMemory } from './memory.ts'
import { readResponses } from './read.ts'
import { unsealFor } from './unseal.ts'

/** How clients of OpenAI Responses speak to the gateway. */
export const responsesClient: ClientSide = {
  encodeError,
  encodeStreamError,
  idHeader: 'x-request-id',
  // Organization and project belong to the key, which is not the client's.
  handsOn: ['openai-beta'],
  unsealFor,
  memory: responsesMemory,
  chat: {
    idPrefix: 'resp_',
    read: readResponses,
    encodeStream: (about) => new ResponsesStreamEncoder(about),
    encodeWhole,
  },
}

import { isDeepStrictEqual } from 'node:util'
import { given } from '../../../gateway/chat/given.ts'
import { isObject, parseJson } from '../../../gateway/chat/json.ts'
import type { ChatRequest, Message, Source, UserPart } from '../../../gateway/chat/request.ts'
import { textOfFile } from '../../../gateway/dialects/openai-chat/provider/write-parts.ts'
import { type DeclaredLoss, parts, allParts, without } from './kinds.ts'

function hasSource(request: ChatRequest, kind: 'image' | 'file', type: Source['type']): boolean {
  return allParts(request).some((part) => part.type === kind && part.source.type === type)
}

/** `vouches`: what comes without an origin is the client's own affair, which got it from elsewhere. */
export const foreignThinking = ({ vouches }: { vouches: boolean }): DeclaredLoss => ({
  what: 'thinking that is signed elsewhere',
  reason: 'Thinking and its signatures go back to the same provider and model and to no other.',
  told: 'design',
  rest: (request, own) =>
    parts((part) => {
      if (part.type !== 'reasoning' && part.type !== 'tool-call') return [part]
      const isOwn = part.origin === undefined ? vouches : isDeepStrictEqual(part.origin, own)
      if (isOwn) return [part]
      return part.type === 'tool-call' ? [without(part, 'signature')] : []
    })(request),
})

export const unsignedThinking: DeclaredLoss = {
  what: 'thinking without a signature',
  reason: 'No provider of this dialect takes back what it did not sign.',
  told: 'design',
  rest: parts((part) =>
    part.type === 'reasoning' && part.signature === undefined && part.redacted === undefined ? [] : [part],
  ),
}

export const callSignatures: DeclaredLoss = {
  what: 'signatures of calls',
  reason: 'Only Gemini signs calls: a signature of its is never valid here.',
  told: 'design',
  rest: parts((part) => [part.type === 'tool-call' ? without(part, 'signature') : part]),
}

export function names(told: RegExp): DeclaredLoss {
  return {
    what: 'names of participants',
    reason: 'The dialect knows none.',
    told,
    rest: (request) => ({
      ...request,
      messages: request.messages.map((message) => (message.role === 'tool' ? message : without(message, 'name'))),
    }),
  }
}

export const failedResults: DeclaredLoss = {
  what: 'the mark of a failed call',
  reason: 'OpenAI has none; the text of the result says it.',
  told: /^messages\[\d+\]\.is_error$/,
  rest: (request) => ({
    ...request,
    messages: request.messages.map((message) => (message.role === 'tool' ? without(message, 'isError') : message)),
  }),
}

export const refusalText: DeclaredLoss = {
  what: 'the mark of a refusal',
  reason: 'Refusals of an earlier answer are its text.',
  told: 'same',
  rest: parts((part) => [part.type === 'refusal' ? { type: 'text', text: part.text } : part]),
}

export const developers: DeclaredLoss = {
  what: 'the role developer',
  reason: 'It is the system’s.',
  told: 'same',
  rest: (request) => ({
    ...request,
    messages: request.messages.map((message) => (message.role === 'system' ? without(message, 'developer') : message)),
  }),
}

export const brokenArguments = (told: RegExp | 'same', rest: (json: string) => string): DeclaredLoss => ({
  what: 'arguments of an earlier call that are no JSON object',
  reason: 'Providers refuse them.',
  told,
  rest: parts((part) => [
    part.type === 'tool-call' && part.arguments !== '' && !isObject(parseJson(part.arguments))
      ? { ...part, arguments: rest(part.arguments) }
      : part,
  ]),
})

export const audio: DeclaredLoss = {
  what: 'audio',
  reason: 'The dialect takes none.',
  told: 'refused',
  applies: (request) => allParts(request).some(({ type }) => type === 'audio'),
}

export const images = (type: Source['type'], reason: string): DeclaredLoss => ({
  what: `an image by ${type}`,
  reason,
  told: 'refused',
  applies: (request) => hasSource(request, 'image', type),
})

export const files = (type: Source['type'], reason: string): DeclaredLoss => ({
  what: `a file by ${type}`,
  reason,
  told: 'refused',
  applies: (request) => hasSource(request, 'file', type),
})

export const textFiles: DeclaredLoss = {
  what: 'text files',
  reason: 'They are told as text, with their name.',
  told: 'same',
  rest: parts((part) => {
    if (part.type !== 'file' || part.source.type !== 'base64' || !part.source.mediaType.startsWith('text/'))
      return [part]
    return [
      {
        type: 'text',
        text: textOfFile(part.source.data, part.filename),
        ...given({ cacheControl: part.cacheControl }),
      },
    ]
  }),
}

export const fileNames: DeclaredLoss = {
  what: 'a file without a name',
  reason: 'OpenAI demands one.',
  told: 'same',
  rest: parts((part) => [
    part.type === 'file' && part.source.type === 'base64' ? { ...part, filename: part.filename ?? 'file.pdf' } : part,
  ]),
}

/** Their results take text only. */
export const attachments: DeclaredLoss = {
  what: 'media in a result',
  reason: 'Chat’s results take text only: the rest is a user message behind the results of the turn.',
  told: 'same',
  rest: (request) => ({ ...request, messages: moveAttachments(request.messages) }),
}

/** `isSaid`: whether it is told in words whose they are. */
function moveAttachments(messages: Message[], isSaid = true): Message[] {
  const moved: Message[] = []
  let pending: UserPart[] = []
  const flush = (): void => {
    if (pending.length > 0) moved.push({ role: 'user', parts: pending })
    pending = []
  }
  for (const message of messages) {
    if (message.role !== 'tool') {
      flush()
      moved.push(message)
      continue
    }
    const texts = message.parts.filter((part) => part.type === 'text')
    const others = message.parts.filter((part) => part.type !== 'text')
    const heading = { type: 'text' as const, text: `Attached to the result of ${message.callId}:` }
    if (others.length > 0) pending.push(...(isSaid ? [heading] : []), ...others)
    const placeholder = { type: 'text' as const, text: isSaid ? '(see the attachment below)' : '' }
    moved.push({ ...message, parts: texts.length === 0 ? [placeholder] : texts })
  }
  flush()
  return moved
}

export function withInstruction(messages: Message[], text: string): Message[] {
  const count = messages.filter(({ role }) => role === 'system').length
  return [...messages.slice(0, count), { role: 'system', parts: [{ type: 'text', text }] }, ...messages.slice(count)]
}

export function laterSystem(told: RegExp): DeclaredLoss {
  return {
    what: 'the place of instructions within the conversation',
    reason: 'The dialect has them ahead of it.',
    told,
    rest: (request) => {
      const systems = request.messages.filter(({ role }) => role === 'system')
      return { ...request, messages: [...systems, ...request.messages.filter(({ role }) => role !== 'system')] }
    },
  }
}

export const fileNamesLost: DeclaredLoss = {
  what: 'names of files',
  reason: 'OpenAI demands one, so most are made up by libraries: the file itself is all that is asked about.',
  told: 'same',
  rest: parts((part) => [part.type === 'file' ? without(part, 'filename') : part]),
}

/** Media of results stands beside them. */
export const mediaOfResults: DeclaredLoss = {
  what: 'media in a result',
  reason: 'It stands beside the result, in the same turn.',
  told: 'same',
  rest: (request) => ({ ...request, messages: moveAttachments(request.messages, false) }),
}

export const details: DeclaredLoss = {
  what: 'the resolution of an image',
  reason: 'The provider decides it.',
  told: /detail$/,
  rest: parts((part) => [part.type === 'image' && part.detail !== 'auto' ? without(part, 'detail') : part]),
}

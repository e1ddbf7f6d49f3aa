import type { JsonObject } from '../../../chat/json.ts'
import type { Message, TextPart } from '../../../chat/request.ts'
import { unsupported, wrongType } from '../../expect.ts'
import { camelMembers } from './camel.ts'
import { contentParts } from './content.ts'

/** `systemInstruction`: a content, whose role says nothing; a string or bare parts are taken too. */
export function readSystem(members: JsonObject): Message[] {
  const instruction = members['systemInstruction'] ?? undefined
  if (instruction === undefined) return []
  const parts = systemParts(instruction, 'systemInstruction')
  return parts.length === 0 ? [] : [{ role: 'system', parts }]
}

export function systemParts(content: unknown, at: string): TextPart[] {
  return contentParts(content, at).flatMap(({ part, at: param }) => {
    const { text } = camelMembers(part)
    if (typeof text === 'string') return text === '' ? [] : [{ type: 'text', text } as const]
    if (text !== undefined && text !== null) throw wrongType(`${param}.text`, 'a string', text)
    throw unsupported(param, 'is no text: a system instruction takes text only.')
  })
}

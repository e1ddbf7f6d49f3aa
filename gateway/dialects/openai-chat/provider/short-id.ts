import { createHash } from 'node:crypto'

/** OpenAI refuses longer ones (openapi.json, `safety_identifier`, `prompt_cache_key`); Claude Code's have 150. */
const longest = 64

/** An id of a person or a conversation as OpenAI takes it: a longer one is hashed, always to the same. */
export function shortId(id: string): string {
  return id.length <= longest ? id : createHash('sha256').update(id).digest('hex')
}

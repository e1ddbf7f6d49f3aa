/**
 * Tokens of a text, roughly: four characters of Latin script to a token, but nearly one for each of Chinese, Japanese
 * or Korean (characters / 4 is three times too low there). Only for limits before the call and for answers whose
 * provider reports no usage; always flagged as an estimate.
 */
export function estimateTokens(text: string): number {
  let wide = 0
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) >= 0x2e80) wide += 1
  }
  return Math.ceil((text.length - wide) / 4 + wide * 0.8)
}

/** Where the dialects keep what the model reads. */
const promptMembers = [
  'messages',
  'system',
  'input',
  'instructions',
  'prompt',
  'tools',
  'contents',
  'systemInstruction',
  'system_instruction',
  'content',
  'requests',
]

/** Tokens of a request body: its strings, without images and files, which providers count in their own ways. */
export function estimateInputTokens(body: unknown): number {
  let tokens = 0
  const visit = (value: unknown): void => {
    if (typeof value === 'string') tokens += isEncodedMedia(value) ? mediaTokens : estimateTokens(value)
    else if (Array.isArray(value)) value.forEach(visit)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit)
  }
  if (typeof body === 'object' && body !== null) {
    const members = body as Record<string, unknown>
    for (const name of promptMembers) visit(members[name])
  }
  return tokens
}

/** What an image of ordinary size costs with most providers. */
const mediaTokens = 800

function isEncodedMedia(text: string): boolean {
  return text.startsWith('data:') || (text.length > 4096 && /^[A-Za-z0-9+/=]+$/.test(text.slice(0, 512)))
}

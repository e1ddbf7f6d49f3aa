import type { ClientKey, Limit } from '../../../gateway/contract.ts'
import { formatCount, formatTokens } from '../../lib/format.ts'
import type { Tone } from '../../ui/badge.tsx'
import { windowWords } from '../limits/limit-words.ts'

const dayMs = 86_400_000
/** A key that ends this soon is shown as something to deal with. */
const soonMs = 7 * dayMs

export interface KeyState {
  tone: Tone
  words: string
}

export function stateOf(key: Pick<ClientKey, 'state' | 'expiresAt'>, now: number): KeyState {
  if (key.state === 'revoked') return { tone: 'neutral', words: 'Revoked' }
  if (key.state === 'expired') return { tone: 'bad', words: 'Expired' }
  if (key.state === 'missing') return { tone: 'bad', words: 'Not set anywhere' }
  const endsSoon = key.expiresAt !== null && key.expiresAt - now < soonMs
  return endsSoon ? { tone: 'warn', words: 'Expires soon' } : { tone: 'good', words: 'Active' }
}

/** `31 Dec 2026`: the last day, in UTC, which keys count by; with the time where it is not the end of a day. */
export function expiryWords(expiresAt: number | null): string {
  if (expiresAt === null) return 'Never'
  const isWholeDay = expiresAt % dayMs === 0
  return new Date(isWholeDay ? expiresAt - 1 : expiresAt).toLocaleString(undefined, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...(isWholeDay ? {} : { hour: '2-digit', minute: '2-digit' }),
    timeZone: 'UTC',
  })
}

/** `2 Oct 2026`, where the user is. */
export function dayWords(time: number): string {
  return new Date(time).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
}

export function modelsWords(models: readonly string[] | null): string {
  return models === null ? 'All models' : models.join(', ')
}

/** `60 requests and 2M tokens a minute` */
export function limitWords(limit: Limit | null): string {
  if (limit === null) return 'None'
  const { requests, tokens, windowMs } = limit
  const amounts = [
    ...(requests === undefined ? [] : [requests === 1 ? '1 request' : `${formatCount(requests)} requests`]),
    ...(tokens === undefined ? [] : [tokens === 1 ? '1 token' : `${formatTokens(tokens)} tokens`]),
  ]
  return `${amounts.join(' and ')} ${windowWords(windowMs)}`
}

/** What a caller is to know, ready to paste. */
export interface Snippet {
  title: string
  text: string
}

export function snippetsOf(key: string, baseUrl: string, model: string): Snippet[] {
  // An address to listen on is none to call.
  const url = baseUrl.replace(/\/\/(0\.0\.0\.0|\[::\])(?=:|$)/, '//127.0.0.1')
  return [
    { title: 'For SDKs and tools of OpenAI', text: `export OPENAI_BASE_URL=${url}/v1\nexport OPENAI_API_KEY=${key}` },
    {
      title: 'For SDKs and tools of Anthropic',
      text: `export ANTHROPIC_BASE_URL=${url}\nexport ANTHROPIC_AUTH_TOKEN=${key}`,
    },
    {
      title: 'Try it',
      text: `curl ${url}/v1/chat/completions \\\n  -H 'Authorization: Bearer ${key}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"model":"${model}","messages":[{"role":"user","content":"Hello!"}]}'`,
    },
  ]
}

/** A model that this key may ask for; patterns are no names. */
export function modelToTry(models: readonly string[] | null, known: readonly string[]): string {
  const named = models?.find((model) => !model.includes('*'))
  if (named !== undefined) return named
  const fits = (model: string) => models === null || models.some((pattern) => matches(pattern, model))
  return known.find(fits) ?? 'MODEL'
}

function matches(pattern: string, model: string): boolean {
  const source = pattern.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`))
  return new RegExp(`^${source.join('.*')}$`, 's').test(model)
}

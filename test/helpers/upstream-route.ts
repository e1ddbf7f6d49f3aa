import { asString, type JsonObject } from '../../gateway/chat/json.ts'

export type UpstreamDialect =
  | 'openai-chat'
  | 'openai-completions'
  | 'openai-embeddings'
  | 'openai-models'
  | 'anthropic'
  | 'anthropic-count'
  | 'anthropic-models'
  | 'gemini'
  | 'gemini-count'
  | 'gemini-models'
  | 'unknown'

export interface Route {
  dialect: UpstreamDialect
  /** Azure decorates OpenAI's answers. */
  azure: boolean
  stream: boolean
  model: string
}

/** Suffixes, so that any base path before them will do. */
const paths: [RegExp, UpstreamDialect][] = [
  [/\/chat\/completions$/, 'openai-chat'],
  [/\/completions$/, 'openai-completions'],
  [/\/embeddings$/, 'openai-embeddings'],
  [/\/messages\/count_tokens$/, 'anthropic-count'],
  [/\/messages$/, 'anthropic'],
  [/:(generateContent|streamGenerateContent)$/, 'gemini'],
  [/:countTokens$/, 'gemini-count'],
  [/\/v1beta\/models(\/[^:]+)?$/, 'gemini-models'],
  [/\/models(\/.+)?$/, 'openai-models'],
]

/** Which provider's voice answers here, read from the path alone but for the list of models. */
export function routeOf(path: string, headers: Record<string, unknown>, body: JsonObject): Route {
  const [pathname = ''] = path.split('?')
  const found = paths.find(([pattern]) => pattern.test(pathname))?.[1] ?? 'unknown'
  const dialect = found === 'openai-models' && headers['anthropic-version'] !== undefined ? 'anthropic-models' : found
  return {
    dialect,
    azure: pathname.includes('/openai/'),
    stream: pathname.endsWith(':streamGenerateContent') || body['stream'] === true,
    model: modelOf(pathname, body),
  }
}

function modelOf(pathname: string, body: JsonObject): string {
  const inPath = /\/models\/([^/:]+):/.exec(pathname) ?? /\/deployments\/([^/]+)\//.exec(pathname)
  return inPath?.[1] ?? asString(body['model']) ?? 'model-not-named'
}

import { z } from 'zod'
import { parseDuration } from '../config/units.ts'
import { GatewayError } from '../errors.ts'

/** The request extension, from the body's `x-gateway` member or from `x-gateway-*` headers (body wins). */
export interface CallOptions {
  /** false: neither read from nor written to the cache; `exact`: only answers to the very same request. */
  cache?: boolean | 'exact'
  /** For the whole call, milliseconds. */
  timeoutMs?: number
  /** Ask this provider and no other. */
  provider?: string
  /** false: the first target only, without retries on another provider. */
  fallback?: boolean
  metadata?: Metadata
}

export interface Metadata {
  feature?: string
  user_id?: string
  [key: string]: unknown
}

/** A longer setTimeout fires at once. */
const longestTimerMs = 2 ** 31 - 1

const label = z.string().max(200)

const timeout = z
  .union([z.number(), z.string()], { error: 'expected seconds, or a duration such as "30s"' })
  .transform((value, context) => {
    const parsed = typeof value === 'number' ? value * 1000 : readTimeout(value)
    if (parsed !== undefined && parsed > 0) return Math.min(parsed, longestTimerMs)
    context.addIssue({ code: 'custom', message: 'expected seconds, or a duration such as "30s"' })
    return z.NEVER
  })

export const optionsSchema = z.strictObject({
  cache: z.union([z.boolean(), z.literal('exact')], { error: 'expected true, false or "exact"' }).optional(),
  timeout: timeout.optional(),
  provider: z.string().min(1).optional(),
  fallback: z.boolean().optional(),
  metadata: z.looseObject({ feature: label.optional(), user_id: label.optional() }).optional(),
})

export const headerNames = [
  'x-gateway-cache',
  'x-gateway-timeout',
  'x-gateway-provider',
  'x-gateway-fallback',
  'x-gateway-metadata',
] as const

const none: CallOptions = Object.freeze({})

type Headers = Record<string, string | string[] | undefined>

/** `extension` is the parsed `x-gateway` member, undefined where absent. Throws GatewayError that names the wrong member. */
export function readOptions(extension: unknown, headers: Headers): CallOptions {
  const fromHeaders = headerNames.some((name) => headers[name] !== undefined)
  if ((extension === undefined || extension === null) && !fromHeaders) return none
  const merged = { ...(fromHeaders ? headerOptions(headers) : {}), ...objectOrReject(extension) }
  const result = optionsSchema.safeParse(merged)
  if (!result.success) throw invalid(result.error)
  const { timeout: timeoutMs, cache, provider, fallback, metadata } = result.data
  return {
    ...(cache === undefined ? {} : { cache }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(provider === undefined ? {} : { provider }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(metadata === undefined ? {} : { metadata: metadata as Metadata }),
  }
}

function objectOrReject(extension: unknown): object {
  if (extension === undefined || extension === null) return {}
  if (typeof extension === 'object' && !Array.isArray(extension)) return extension
  throw new GatewayError('invalid_request', 'x-gateway must be an object.', { param: 'x-gateway' })
}

function headerOptions(headers: Headers): Record<string, unknown> {
  const options: Record<string, unknown> = {}
  for (const name of headerNames) {
    const value = headers[name]
    if (typeof value === 'string') options[name.slice('x-gateway-'.length)] = headerValue(name, value)
  }
  return options
}

function headerValue(name: string, text: string): unknown {
  if (name === 'x-gateway-cache' || name === 'x-gateway-fallback') {
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text
  }
  if (name !== 'x-gateway-metadata') return text
  try {
    return JSON.parse(text)
  } catch {
    throw new GatewayError('invalid_request', 'The header x-gateway-metadata is not JSON.', { param: name })
  }
}

function readTimeout(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseDuration(text)
}

function invalid(error: z.ZodError): GatewayError {
  const issue = error.issues[0]
  const path = ['x-gateway', ...(issue?.path ?? [])].join('.')
  const known = 'cache, timeout, provider, metadata, fallback'
  const text =
    issue?.code === 'unrecognized_keys'
      ? `x-gateway has no member ${issue.keys.map((key) => `"${key}"`).join(', ')}; it knows ${known}.`
      : `${path}: ${issue?.message ?? 'invalid value'}.`
  return new GatewayError('invalid_request', text, { param: path })
}

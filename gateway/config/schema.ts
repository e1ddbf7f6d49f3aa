import { isIP } from 'node:net'
import { z } from 'zod'
import { budgets } from './budgets.ts'
import { keyHashPattern } from './client-key.ts'
import { moment } from './moment.ts'
import { parseRedisUrl } from './redis-url.ts'
import { duration, megabytes, size } from './units.ts'

/**
 * gateway.yaml (DESIGN section 6). Strict: an unknown key is an error, because a misspelt limit that silently does
 * nothing costs money. Types are inferred from here; the JSON Schema for editors is exported from here.
 */

/** Trimmed: a key from a mounted file ends in a line break, which no header can carry. */
const secret = z
  .string()
  .trim()
  .min(1)
  .regex(/^[\x21-\x7e]*$/, 'has a space or another character no key has: was something copied along?')
  .meta({ description: 'A secret: write ${NAME} to take it from the environment.' })
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'use letters, digits, ".", "_" and "-"')
const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' })
const upstreamUrl = z.url({ protocol: /^(https?|demo)$/, error: 'expected an http:// or https:// address' })
const priority = z.int().min(0).max(1000)
/** Of what cannot be one the gateway would only find out when it starts the next time. */
const hostName = z
  .string()
  .regex(/^[A-Za-z0-9._:%-]+$/, 'expected an address of this machine such as 127.0.0.1, or a host name')
  .refine((host) => !/^[\d.]+$/.test(host) || isIP(host) !== 0, 'is no address: its four numbers go up to 255')

const limit = z
  .strictObject({
    requests: z.int().min(1).optional(),
    tokens: z.int().min(1).optional(),
    window: duration.prefault('1m'),
  })
  .refine((value) => value.requests !== undefined || value.tokens !== undefined, 'give requests, tokens or both')

const server = z.strictObject({
  port: z.int().min(0).max(65_535).default(8080),
  host: hostName.default('127.0.0.1'),
  readTimeout: duration.prefault('30s').meta({ description: 'Longest time a client may take to send its request.' }),
  writeTimeout: duration
    .prefault('120s')
    .meta({ description: 'Longest time without progress while sending an answer to a client that does not read.' }),
  drainTimeout: duration.prefault('30s').meta({ description: 'How long running calls may finish at shutdown.' }),
  bodyLimit: size.prefault('32MB').meta({ description: 'Largest request body.' }),
  allowedHosts: z
    .array(z.string().min(1))
    .optional()
    .meta({ description: 'Host names clients may use besides the loopback names and `host` (against DNS rebinding).' }),
  cors: z
    .strictObject({
      enabled: z.boolean().default(false),
      allowedOrigins: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
})

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not a header name')
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'a header value is one line of Latin text')

/** The wire formats that chat is spoken in. */
export const chatDialects = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const

const provider = z.strictObject({
  name,
  type: z
    .string()
    .optional()
    .meta({ description: 'Which row of the provider table this is; the name says it where it is one of them.' }),
  apiKey: secret.optional(),
  baseUrl: upstreamUrl.optional(),
  dialects: z.array(z.enum(chatDialects)).min(1).optional().meta({
    description:
      'Wire formats that chat is spoken in at its address, the preferred one first; absent: what is known of its type.',
  }),
  models: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .meta({ description: 'Models it serves; `*` stands for any characters. Absent: any model.' }),
  priority: priority.default(100).meta({ description: 'Lower is asked first.' }),
  timeout: duration.prefault('10m').meta({ description: 'Longest time for one attempt, all in all.' }),
  connectTimeout: duration.prefault('10s'),
  ttftTimeout: duration.optional().meta({ description: 'Longest time until the first content.' }),
  idleTimeout: duration.prefault('120s').meta({ description: 'Longest silence between two pieces of a stream.' }),
  maxRetries: z.int().min(0).max(10).default(2),
  headers: z.record(headerName, headerValue).optional(),
  apiVersion: z.string().optional().meta({ description: 'Azure api-version; absent: the v1 path.' }),
  deployments: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'Azure: model name -> deployment name.' }),
  modelMap: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'Used on fallback: requested model -> this provider’s model; `*` for all others.' }),
})

const target = z.strictObject({
  provider: name,
  model: z.string().min(1),
  weight: z.number().positive().optional(),
})

const aliasTargets = z.union([target, z.array(target).min(1)], {
  error: 'expected { provider, model } or a list of them',
})

const fallback = z.union([name, z.strictObject({ provider: name, models: z.record(z.string(), z.string()) })], {
  error: 'expected a provider name or { provider, models }',
})

const routing = z.strictObject({
  defaultProvider: name.optional(),
  modelMappings: z.record(z.string().min(1), aliasTargets).default({}),
  fallbackChain: z.array(fallback).default([]),
  maxAttempts: z.int().min(1).max(20).default(6).meta({ description: 'Most attempts one call may cost.' }),
})

const redisUrl = z
  .string()
  .check((context) => {
    const address = parseRedisUrl(context.value)
    if (typeof address !== 'string') return
    // In our own words, which do not repeat the address: there may be a password in it.
    context.issues.push({ code: 'custom', message: address, input: '' })
  })
  .meta({
    description:
      'redis://user:password@host:6379/0; rediss:// for TLS; redis-sentinel://host:26379,host:26379/master-name; redis-cluster://host:6379,host:6379.',
  })

const redis = z.strictObject({
  url: redisUrl.default('redis://127.0.0.1:6379'),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9:._-]{1,64}$/, 'use letters, digits, ":", ".", "_" and "-", at most 64')
    .default('llm-gateway')
    .meta({ description: 'What every key in Redis begins with; gateways with the same one act as one.' }),
})

const backend = z.enum(['memory', 'redis']).default('memory')

const cache = z.strictObject({
  enabled: z.boolean().default(false),
  backend: backend.meta({ description: 'Where answers are kept: in each process, or in one Redis for all.' }),
  ttl: duration.prefault('1h'),
  maxSize: megabytes.prefault(512).meta({ description: 'MB, or with a unit (`1GB`).' }),
  redis: redis.prefault({}).meta({ description: 'The Redis of the cache and of the limits.' }),
})

const rateLimit = z.strictObject({
  enabled: z.boolean().default(false),
  backend: backend.meta({ description: 'Where is counted: in each process, or in the Redis of cache.redis for all.' }),
  global: limit.optional(),
  perKey: limit.optional(),
  perModel: z.record(z.string().min(1), limit).default({}),
})

const keyHash = z
  .string()
  .regex(keyHashPattern, 'expected s2:..., as the gateway makes it, or sha256: and 64 hexadecimal digits')

const clientKey = z
  .strictObject({
    name,
    key: secret.optional(),
    hash: keyHash.optional().meta({
      description: 'What the gateway made of the key, or sha256:<hex> of it, so that the file need not hold it.',
    }),
    models: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .meta({ description: 'Models and aliases it may ask for; `*` stands for any characters. Absent: all.' }),
    rateLimit: limit.optional(),
    created: moment('start').optional().meta({ description: 'When it was made; for people.' }),
    expires: moment('end').optional().meta({
      description: 'The last day (UTC) on which it is taken, or the time until which it is.',
    }),
    disabled: z.boolean().default(false).meta({ description: 'Revoked: calls with it are refused.' }),
    previous: z
      .strictObject({ hash: keyHash, expires: moment('end') })
      .optional()
      .meta({ description: 'The key that this one replaced, taken until then.' }),
  })
  .refine((value) => (value.key === undefined) !== (value.hash === undefined), 'give key or hash, one of them')

const auth = z.strictObject({
  keys: z.array(clientKey).default([]),
  anonymous: z.boolean().default(true).meta({ description: 'Whether calls without one of the keys are served.' }),
})

/** USD per 1,000,000 tokens. */
const usdPerMillion = z.number().min(0).max(100_000)

const pricing = z.strictObject({
  overrides: z
    .record(
      z.string().min(1),
      z.strictObject({
        input: usdPerMillion,
        output: usdPerMillion,
        cacheRead: usdPerMillion.optional(),
        cacheWrite: usdPerMillion.optional(),
        cacheWrite1h: usdPerMillion.optional(),
        inputAudio: usdPerMillion.optional(),
        outputAudio: usdPerMillion.optional(),
      }),
    )
    .default({})
    .meta({ description: '`model` or `provider/model` -> USD per 1M tokens.' }),
})

const ledger = z.strictObject({
  retention: duration.prefault('90d').meta({ description: 'How long single calls are kept; roll-ups stay.' }),
  bodies: z
    .enum(['off', 'errors', 'all'])
    .default('off')
    .meta({ description: 'Whether requests and answers are kept: never, of calls that failed, or always.' }),
  bodyLimit: size.prefault('256KB').meta({ description: 'Most that is kept of one request or answer.' }),
  bodiesMaxSize: size.prefault('256MB').meta({ description: 'Most that is kept in all; then the oldest go.' }),
})

/** Where the gateway answers calls and questions: a second route there would keep it from starting. */
const ownPath = /^\/(?:health|ready)\/?$|^\/(?:v1|api)(?:\/|$)/

const metrics = z.strictObject({
  enabled: z.boolean().default(true),
  endpoint: z
    .string()
    .regex(/^\/[\w./-]*$/, 'expected a path such as /metrics')
    .refine((path) => !ownPath.test(path), 'is a path of the gateway itself; write another, such as /metrics')
    .default('/metrics'),
})

const logging = z.strictObject({
  level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  format: z.enum(['json', 'console']).default('json'),
  requestBody: z.boolean().default(false),
})

const network = z.strictObject({
  proxy: httpUrl.optional().meta({ description: 'Outbound proxy; absent: HTTPS_PROXY, HTTP_PROXY and NO_PROXY.' }),
  noProxy: z.array(z.string().min(1)).optional(),
  allowPrivateMedia: z.boolean().default(false).meta({
    description:
      'Images that clients link to may be fetched from private addresses (only for providers that do not fetch).',
  }),
  caFile: z.string().min(1).optional().meta({ description: 'PEM file of extra certificate authorities.' }),
})

const otlp = z.strictObject({
  endpoint: httpUrl.meta({
    description: 'An OTLP/HTTP collector such as http://127.0.0.1:4318; /v1/traces and /v1/metrics are added to it.',
  }),
  headers: z
    .record(headerName, headerValue)
    .optional()
    .meta({ description: 'Sent with every export, for example a key. Secrets: write ${NAME}.' }),
  traces: z.boolean().default(true).meta({ description: 'Send a span per call and one per attempt.' }),
  metrics: z.boolean().default(true).meta({ description: 'Send the metrics of the GenAI conventions.' }),
  captureContent: z
    .boolean()
    .default(false)
    .meta({ description: 'Put prompts and answers on the spans. They leave this machine with them.' }),
})

const telemetry = z.strictObject({
  otlp: otlp.optional().meta({ description: 'OpenTelemetry; nothing of it is loaded where this is absent.' }),
})

export const configSchema = z
  .strictObject({
    server: server.prefault({}),
    providers: z.array(provider).default([]),
    routing: routing.prefault({}),
    cache: cache.prefault({}),
    rateLimit: rateLimit.prefault({}),
    auth: auth.prefault({}),
    budgets: budgets.prefault({}),
    pricing: pricing.prefault({}),
    ledger: ledger.prefault({}),
    metrics: metrics.prefault({}),
    logging: logging.prefault({}),
    network: network.prefault({}),
    telemetry: telemetry.prefault({}),
  })
  .meta({ title: 'LLM Gateway configuration' })

export type Config = z.output<typeof configSchema>
export type ConfigInput = z.input<typeof configSchema>
export type ProviderConfig = Config['providers'][number]
export type TargetConfig = z.output<typeof target>
export type LimitConfig = z.output<typeof limit>

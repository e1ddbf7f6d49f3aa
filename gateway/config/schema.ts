import { z } from 'zod'
import { budgets } from './budgets.ts'
import { guards } from './guards.ts'
import { hedge } from './hedge.ts'
import { parseRedisUrl } from './redis-url.ts'
import { semanticCache } from './semantic-cache.ts'
import { auth } from './schema-auth.ts'
import { headerName, headerValue, httpUrl, limit, name } from './schema-parts.ts'
import { provider } from './schema-provider.ts'
import { server } from './schema-server.ts'
import { duration, megabytes, size } from './units.ts'

export { chatDialects } from './schema-provider.ts'

/**
 * gateway.yaml (docs/configuration.md). Strict: an unknown key is an error, because a misspelt limit that silently does
 * nothing costs money. Types are inferred from here; the JSON Schema for editors is exported from here.
 */

const target = z.strictObject({
  provider: name.meta({ description: 'Name of a provider.' }),
  model: z.string().min(1).meta({ description: 'What that provider is asked for.' }),
  weight: z.number().positive().optional().meta({
    description:
      'With weights the first target is drawn, and the rest serve as fallback. All targets of an alias have one, or none has.',
  }),
})

const aliasTargets = z.union([target, z.array(target).min(1)], {
  error: 'expected { provider, model } or a list of them',
})

const fallback = z.union(
  [
    name,
    z.strictObject({
      provider: name.meta({ description: 'The name, where an entry is an object.' }),
      models: z
        .record(z.string(), z.string())
        .meta({ description: 'Adds to that provider’s `modelMap`, and wins over it.' }),
    }),
  ],
  {
    error: 'expected a provider name or { provider, models }',
  },
)

const routing = z.strictObject({
  defaultProvider: name
    .optional()
    .meta({ description: 'Asked where no provider lists the model; preferred where several do.' }),
  modelMappings: z
    .record(z.string().min(1), aliasTargets)
    .default({})
    .meta({ description: 'Aliases: a name of yours -> one target, or a list of targets, tried in order.' }),
  fallbackChain: z.array(fallback).default([]).meta({
    description:
      'Providers to try when those before have failed. One that does not list the model is asked for what its `modelMap` says, else for the first model it lists; `x-gateway-warnings` then says who answered. One without a list and without a map is left out. A provider that is known but not configured is skipped.',
  }),
  maxAttempts: z
    .int()
    .min(1)
    .max(20)
    .default(6)
    .meta({ description: 'Most attempts one call may cost, over all providers.' }),
  hedge: hedge.optional().meta({
    description: 'A second request beside a first that is slow (docs/hedging.md). Absent: slow calls are waited for.',
  }),
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
      '`redis://user:password@host:6379/0`; `rediss://` for TLS; `redis-sentinel://host:26379,host:26379/master-name`; `redis-cluster://host:6379,host:6379`.',
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
  enabled: z.boolean().default(false).meta({ description: 'Whether answers are kept.' }),
  backend: backend.meta({
    description: '`memory`: each process has its own answers. `redis`: all gateways on one Redis share them.',
  }),
  ttl: duration.prefault('1h').meta({ description: 'How long an answer is good.' }),
  maxSize: megabytes.prefault(512).meta({
    description:
      'Most memory for kept answers, in MB or with a unit (`1GB`); the ones longest unused go first. In Redis it is for all gateways together, and counts packed bytes.',
  }),
  redis: redis
    .prefault({})
    .meta({ description: 'The Redis of the cache and of the limits; used only where a `backend` is `redis`.' }),
  semantic: semanticCache
    .optional()
    .meta({ description: 'Answers to questions that mean the same, beside those to the same questions. Absent: off.' }),
})

const rateLimit = z.strictObject({
  enabled: z.boolean().default(false).meta({ description: 'Whether the limits of this section hold.' }),
  backend: backend.meta({
    description:
      '`memory`: each process counts its own calls. `redis`: all gateways on the Redis of `cache.redis` count together. Holds for the limits of client keys as well.',
  }),
  global: limit.optional().meta({ description: 'All clients together.' }),
  perKey: limit.optional().meta({ description: 'Each client key; all clients without a key are one.' }),
  perModel: z.record(z.string().min(1), limit).default({}).meta({
    description: 'For a model, by the name the client used or the one it leads to; the name may be a pattern.',
  }),
})

/** USD per 1,000,000 tokens. */
const usdPerMillion = z.number().min(0).max(100_000)

const pricing = z.strictObject({
  overrides: z
    .record(
      z.string().min(1),
      z.strictObject({
        input: usdPerMillion.meta({ description: 'Input tokens.' }),
        output: usdPerMillion.meta({ description: 'Output tokens, reasoning included.' }),
        cacheRead: usdPerMillion
          .optional()
          .meta({ description: 'Input tokens the provider had in its cache; absent: as `input`.' }),
        cacheWrite: usdPerMillion
          .optional()
          .meta({ description: 'Input tokens the provider put into its cache for 5 minutes; absent: as `input`.' }),
        cacheWrite1h: usdPerMillion
          .optional()
          .meta({ description: 'The same for an hour; absent: twice `input` where `cacheWrite` is given.' }),
        inputAudio: usdPerMillion.optional().meta({ description: 'Audio input tokens; absent: as `input`.' }),
        outputAudio: usdPerMillion.optional().meta({ description: 'Audio output tokens; absent: as `output`.' }),
      }),
    )
    .default({})
    .meta({
      description:
        '`model` or `provider/model` -> USD per 1,000,000 tokens; the name may be a pattern, and the one with the provider wins.',
    }),
})

const ledger = z.strictObject({
  retention: duration
    .prefault('90d')
    .meta({ description: 'How long single calls are kept. The hourly sums that usage reports are made of stay.' }),
  bodies: z.enum(['off', 'errors', 'all']).default('off').meta({
    description:
      'Whether requests and answers are kept for the Traffic page: never, only those of calls that failed, or always. They hold what people wrote.',
  }),
  bodyLimit: size
    .prefault('256KB')
    .meta({ description: 'The most that is kept of one request or answer; the rest is cut off.' }),
  bodiesMaxSize: size
    .prefault('256MB')
    .meta({ description: 'The most that is kept of all of them; then the oldest go first.' }),
})

/** Where the gateway answers calls and questions: a second route there would keep it from starting. */
const ownPath = /^\/(?:health|ready)\/?$|^\/(?:v1|api)(?:\/|$)/

const metrics = z.strictObject({
  enabled: z.boolean().default(true).meta({ description: 'Whether there are metrics to fetch.' }),
  endpoint: z
    .string()
    .regex(/^\/[\w./-]*$/, 'expected a path such as /metrics')
    .refine((path) => !ownPath.test(path), 'is a path of the gateway itself; write another, such as /metrics')
    .default('/metrics')
    .meta({ description: 'Where; not `/health`, `/ready` or under `/v1` or `/api`.' }),
})

const logging = z.strictObject({
  level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').meta({
    description: 'The least that is written. A call is one line of `info`; one that failed with 5xx is `warn`.',
  }),
  format: z
    .enum(['json', 'console'])
    .default('json')
    .meta({ description: 'A JSON object per line, or text for people.' }),
  requestBody: z
    .boolean()
    .default(false)
    .meta({ description: 'Adds the first 16 KB of the request to the line of each call.' }),
})

const network = z.strictObject({
  proxy: httpUrl.optional().meta({
    description:
      'Outbound proxy. Absent: `HTTPS_PROXY` and `HTTP_PROXY` of the environment. Providers on this machine are never asked through it.',
  }),
  noProxy: z
    .array(z.string().min(1))
    .optional()
    .meta({ description: 'Hosts to reach without it. Absent: `NO_PROXY`.' }),
  allowPrivateMedia: z.boolean().default(false).meta({
    description:
      'Providers that do not fetch linked images (Gemini) get their bytes from the gateway. This lets it fetch them from private addresses too.',
  }),
  caFile: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'PEM file of certificate authorities to trust besides the usual ones.' }),
})

const otlp = z.strictObject({
  endpoint: httpUrl.meta({
    description:
      'An OTLP/HTTP collector such as `http://127.0.0.1:4318`; `/v1/traces` and `/v1/metrics` are added to it.',
  }),
  headers: z
    .record(headerName, headerValue)
    .optional()
    .meta({ description: 'Sent with every export, for example a key. All are treated as secrets: write `${NAME}`.' }),
  traces: z.boolean().default(true).meta({
    description:
      'A span for each call and one for each attempt; trace context is taken from clients and handed to providers.',
  }),
  metrics: z
    .boolean()
    .default(true)
    .meta({ description: 'Durations, time to the first chunk and tokens, by the GenAI conventions.' }),
  captureContent: z
    .boolean()
    .default(false)
    .meta({ description: 'Put prompts and answers on the spans. They leave the machine with them.' }),
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
    guards: guards.meta({
      description: 'Screening of requests and answers by patterns. Nothing is screened by default.',
    }),
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

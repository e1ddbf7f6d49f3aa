import { z } from 'zod'
import { headerName, headerValue, name, secret } from './schema-parts.ts'
import { duration } from './units.ts'

const upstreamUrl = z.url({ protocol: /^(https?|demo)$/, error: 'expected an http:// or https:// address' })
const priority = z.int().min(0).max(1000)

/** The wire formats that chat is spoken in. */
export const chatDialects = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const

/** An entry of the section `providers` of gateway.yaml. */
export const provider = z.strictObject({
  name: name.meta({
    description:
      'How the provider is called everywhere: in routing, headers, usage and metrics. Letters, digits, `.`, `_`, `-`.',
  }),
  type: z.string().optional().meta({
    description:
      'Which row of the provider table (docs/providers.md) this is. Needed only where `name` is not itself such a name.',
  }),
  apiKey: secret.optional().meta({
    description:
      'The key to call it with. Write `${NAME}` rather than the key. A provider that needs a key and has none shows as misconfigured in `/ready`; calls go out to it without a key all the same, and it refuses them.',
  }),
  baseUrl: upstreamUrl.optional().meta({
    description: 'In place of the usual address. Required for `azure` and `openai-compatible`.',
  }),
  dialects: z.array(z.enum(chatDialects)).min(1).optional().meta({
    description:
      'The formats chat is spoken in at its address, the preferred one first. Absent: what is known of its type. A client of one of them is handed through, any other is translated to the first.',
  }),
  models: z.array(z.string().min(1)).min(1).optional().meta({
    description:
      'The models it serves; `*` stands for any characters. Absent: it takes any model name. Names without `*` appear in `/v1/models`; for the others the provider’s own list is asked.',
  }),
  priority: priority
    .default(100)
    .meta({ description: 'Among providers that serve a model, the lower one is asked first.' }),
  timeout: duration
    .prefault('10m')
    .meta({ description: 'Longest time for one attempt, from its start to its last byte.' }),
  connectTimeout: duration.prefault('10s').meta({ description: 'Longest time to connect.' }),
  ttftTimeout: duration.optional().meta({ description: 'Longest time until the first content of the answer.' }),
  idleTimeout: duration
    .prefault('120s')
    .meta({ description: 'Longest silence between two pieces of an answer that has begun.' }),
  maxRetries: z.int().min(0).max(10).default(2).meta({
    description: 'Further attempts on this provider after one that may go better next time.',
  }),
  headers: z.record(headerName, headerValue).optional().meta({
    description: 'Sent with every request; a header here wins over the gateway’s own of the same name.',
  }),
  apiVersion: z.string().optional().meta({
    description: 'Azure: call `/openai/deployments/...` with this `api-version`. Absent: the `/openai/v1` path.',
  }),
  deployments: z.record(z.string(), z.string()).optional().meta({
    description: 'Azure: model name -> deployment name. These count as listed models.',
  }),
  modelMap: z.record(z.string(), z.string()).optional().meta({
    description: 'On fallback to this provider: the requested model -> the one it is asked for. `*` covers all others.',
  }),
})

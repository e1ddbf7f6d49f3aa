import { z } from 'zod'
import { keyHashPattern } from './client-key.ts'
import { moment } from './moment.ts'
import { limit, name, secret } from './schema-parts.ts'

const keyHash = z
  .string()
  .regex(keyHashPattern, 'expected s2:..., as the gateway makes it, or sha256: and 64 hexadecimal digits')

const clientKey = z
  .strictObject({
    name: name.meta({ description: 'Who it is, in usage, limits and the log.' }),
    key: secret.optional().meta({ description: 'The key itself. Give this or `hash`.' }),
    hash: keyHash.optional().meta({
      description:
        'So that the file need not hold the key: the salted hash (`s2:...`) that the gateway makes, or `sha256:` and the SHA-256 of a long random key of your own, as `printf %s "$KEY" | sha256sum` prints it.',
    }),
    models: z.array(z.string().min(1)).min(1).optional().meta({
      description:
        'The models and aliases this key may ask for; `*` stands for any characters; absent: all. An alias stands for itself: it does not allow the models it leads to, nor they it. An alias among them may be asked for only where it leads: `x-gateway.provider` does not take its name elsewhere.',
    }),
    rateLimit: limit.optional().meta({
      description: 'In place of `rateLimit.perKey`; holds also where `rateLimit.enabled` is false.',
    }),
    created: moment('start').optional().meta({ description: 'When it was made; for people.' }),
    expires: moment('end').optional().meta({
      description:
        'Until when it is taken: `2026-12-31` (that day included, in UTC) or `2026-12-31T18:00:00Z`. Then it is refused with 401, and told since when.',
    }),
    disabled: z.boolean().default(false).meta({ description: 'Revoked: it is refused with 401.' }),
    previous: z
      .strictObject({
        hash: keyHash.meta({ description: 'As `hash` above.' }),
        expires: moment('end').meta({ description: 'Until when that one is taken as well.' }),
      })
      .optional()
      .meta({ description: 'The key that this one replaced.' }),
  })
  .refine((value) => (value.key === undefined) !== (value.hash === undefined), 'give key or hash, one of them')

/** The section `auth` of gateway.yaml. */
export const auth = z.strictObject({
  keys: z.array(clientKey).default([]).meta({ description: 'Keys of your own, which clients send.' }),
  anonymous: z.boolean().default(true).meta({
    description:
      'Whether calls without one of the keys are served. If not, usage, models, provider status and metrics ask for a key as well; `/health` and `/ready` never do.',
  }),
})

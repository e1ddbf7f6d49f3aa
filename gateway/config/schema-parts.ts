import { z } from 'zod'
import { duration } from './units.ts'

/** What several sections of gateway.yaml are made of. */

/** Trimmed: a key from a mounted file ends in a line break, which no header can carry. */
export const secret = z
  .string()
  .trim()
  .min(1)
  .regex(/^[\x21-\x7e]*$/, 'has a space or another character no key has: was something copied along?')
  .meta({ description: 'A secret: write ${NAME} to take it from the environment.' })
export const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'use letters, digits, ".", "_" and "-"')
export const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' })

export const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not a header name')
export const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'a header value is one line of Latin text')

export const limit = z
  .strictObject({
    requests: z.int().min(1).optional().meta({ description: 'Most calls in a window.' }),
    tokens: z.int().min(1).optional().meta({ description: 'Most tokens in a window, input and output together.' }),
    window: duration.prefault('1m').meta({ description: 'How long a window is; it begins with a call.' }),
  })
  .refine((value) => value.requests !== undefined || value.tokens !== undefined, 'give requests, tokens or both')

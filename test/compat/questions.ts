import { z } from 'zod'
import type { JsonObject } from '../../gateway/chat/json.ts'

/** What every library is told to ask, in the forms that libraries want it in. */

export const apiKey = 'not-a-secret'

export const weatherName = 'weather'
export const weatherDescription = 'Tells the weather of a city.'

export const weatherSchema = {
  type: 'object' as const,
  properties: { city: { type: 'string', description: 'Its English name.' } },
  required: ['city'],
} satisfies JsonObject

export const weatherZod = z.object({ city: z.string().describe('Its English name.') })

/** A tool without arguments. */
export const clockName = 'clock'
export const clockDescription = 'Tells the time.'

export const clockSchema = { type: 'object' as const, properties: {} } satisfies JsonObject

export const clockZod = z.object({})

export const reportName = 'report'

export const reportZod = z.object({ city: z.string(), degrees: z.number() })

export const reportSchema = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'number' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
} satisfies JsonObject

/** One red pixel. */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

export const pdf = Buffer.from('%PDF-1.7 as small as it gets').toString('base64')
export const pdfName = 'paper.pdf'

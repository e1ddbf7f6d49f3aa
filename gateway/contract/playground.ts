import { z } from 'zod'

export const playgroundMessage = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string().max(1024 * 1024),
})

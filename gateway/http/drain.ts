import type { FastifyInstance } from 'fastify'
import { GatewayError } from '../errors.ts'

export function shuttingDown(): GatewayError {
  return new GatewayError('shutting_down', 'The gateway is shutting down.')
}

/** New connections are refused at once; calls that are not done in time are ended in their dialect. */
export async function drain(app: FastifyInstance, calls: Set<AbortController>, timeoutMs: number): Promise<void> {
  const late = setTimeout(() => {
    for (const call of calls) call.abort(shuttingDown())
  }, timeoutMs)
  const hopeless = setTimeout(() => app.server.closeAllConnections(), timeoutMs + 2000)
  await app.close()
  clearTimeout(late)
  clearTimeout(hopeless)
}

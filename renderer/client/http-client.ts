import type { CallResult, MethodName } from '../../gateway/contract.ts'
import { CallFailure, createListeners, type Client } from './client.ts'
import { createEventReader, readGatewayEvent, reconnectDelayMs } from './event-stream.ts'

export interface HttpAccess {
  /** Of the gateway that served this page, e.g. `http://127.0.0.1:8080`. */
  baseUrl: string
  token: string
  /** The token is not (or no longer) the right one. */
  onDenied: () => void
}

/** In a browser at /ui/: POST for calls, one event stream for events, both with the admin token. */
export function createHttpClient(access: HttpAccess): Client & { close(): void } {
  const listeners = createListeners()
  const closing = new AbortController()
  void followEvents(access, listeners.tell, closing.signal)
  return {
    shell: 'browser',
    on: listeners.on,
    call: (method, input) => callOverHttp(access, method, input),
    close: () => closing.abort(),
  }
}

/** Rejects with CallFailure when it is not the right one. */
export async function checkToken(baseUrl: string, token: string): Promise<void> {
  await callOverHttp({ baseUrl, token, onDenied: () => {} }, 'status.get', {})
}

async function callOverHttp<Name extends MethodName>(access: HttpAccess, method: Name, input: unknown) {
  const response = await send(access, `call/${method}`, { method: 'POST', body: JSON.stringify(input) })
  if (response.status === 401) access.onDenied()
  const result = (await response.json().catch(() => undefined)) as CallResult<Name> | undefined
  if (result === undefined || typeof result.ok !== 'boolean') throw unreadable(response)
  if (!result.ok) throw new CallFailure(result.error)
  return result.value
}

function unreadable(response: Response): CallFailure {
  const denied = response.status === 401
  return new CallFailure({
    code: denied ? 'invalid_api_key' : 'internal_error',
    message: denied ? 'The gateway did not accept this token.' : `The gateway answered with status ${response.status}.`,
    hint: denied ? 'Sign in again.' : 'Look into its log for the cause.',
    field: null,
  })
}

async function send(access: HttpAccess, path: string, init: RequestInit): Promise<Response> {
  const headers = { authorization: `Bearer ${access.token}`, 'content-type': 'application/json' }
  try {
    return await fetch(`${access.baseUrl}/api/v1/${path}`, { ...init, headers, cache: 'no-store' })
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause
    throw new CallFailure({
      code: 'unreachable',
      message: 'The gateway does not answer.',
      hint: 'Check that it still runs; this page connects again by itself.',
      field: null,
    })
  }
}

/** Until it is closed: reads events, and connects again with growing pauses when the stream breaks. */
async function followEvents(access: HttpAccess, tell: Parameters<typeof readEvents>[1], signal: AbortSignal) {
  let failures = 0
  while (!signal.aborted) {
    try {
      const response = await send(access, 'events', { method: 'GET', signal })
      if (response.status === 401) return access.onDenied()
      if (response.ok && response.body !== null) {
        failures = 0
        // What was told while nobody listened is lost: everything read so far is old.
        tell({ event: 'config', data: {} })
        await readEvents(response.body, tell)
      }
    } catch {
      // Told by the calls that fail at the same time.
    }
    await pause(reconnectDelayMs(failures), signal)
    failures += 1
  }
}

async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  tell: ReturnType<typeof createListeners>['tell'],
) {
  const read = createEventReader()
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    for (const streamEvent of read(value)) {
      const event = readGatewayEvent(streamEvent)
      if (event !== undefined) tell(event)
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}

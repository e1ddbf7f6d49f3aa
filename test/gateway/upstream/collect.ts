import type {
  Flight,
  ResponseHandler,
  ResponseHeaders,
  Upstream,
  UpstreamRequest,
} from '../../../gateway/upstream/upstream.ts'

export interface Received {
  status: number | undefined
  headers: ResponseHeaders
  chunks: Buffer[]
  text: string
  /** undefined = it ended well. */
  error: Error | undefined
  /** How often it was told that all is over: once. */
  ends: number
}

export interface Sending {
  flight: Flight
  done: Promise<Received>
  /** Resolves with the first piece of the body. */
  begun: Promise<Buffer>
}

export interface SendHooks {
  onData?: (chunk: Buffer) => void
}

/** Sends a request and keeps what comes of it. */
export function sendTo(upstream: Upstream, request: Partial<UpstreamRequest>, hooks: SendHooks = {}): Sending {
  const received: Received = { status: undefined, headers: {}, chunks: [], text: '', error: undefined, ends: 0 }
  const done = Promise.withResolvers<Received>()
  const begun = Promise.withResolvers<Buffer>()
  const end = (error?: Error): void => {
    received.error = error
    received.ends += 1
    received.text = Buffer.concat(received.chunks).toString()
    done.resolve(received)
  }
  const handler: ResponseHandler = {
    onHead: (status, headers) => Object.assign(received, { status, headers }),
    onData: (chunk) => {
      received.chunks.push(chunk)
      begun.resolve(chunk)
      hooks.onData?.(chunk)
    },
    onEnd: () => end(),
    onError: end,
  }
  const all = {
    origin: 'http://127.0.0.1:9',
    path: '/',
    method: 'POST',
    headers: {},
    connectMs: 2000,
    ...request,
  } as const
  return { flight: upstream.send(all, handler), done: done.promise, begun: begun.promise }
}

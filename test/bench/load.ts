import { connect } from 'node:net'

export interface LoadSettings {
  port: number
  connections: number
  seconds: number
  /** Bytes of the request's body, about. */
  bodyBytes: number
  headers?: Record<string, string>
}

export interface LoadResult {
  requestsPerSecond: number
  /** Milliseconds. */
  p50: number
  p99: number
  errors: number
}

const headEnd = Buffer.from('\r\n\r\n')

/** A closed loop over raw sockets: every connection sends its next request when the last answer is complete. */
export async function load(settings: LoadSettings): Promise<LoadResult> {
  const request = requestBytes(settings)
  const until = performance.now() + settings.seconds * 1000
  const tally = { latencies: [] as number[], errors: 0 }
  await Promise.all(
    Array.from({ length: settings.connections }, () => keepAsking(settings.port, request, { until, tally })),
  )
  const sorted = Float64Array.from(tally.latencies).sort()
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { requestsPerSecond: sorted.length / settings.seconds, p50: at(0.5), p99: at(0.99), errors: tally.errors }
}

function requestBytes({ port, bodyBytes, headers = {} }: LoadSettings): Buffer {
  const text = 'Summarise the incident report for the on-call engineer, "unknown" when the report does not tell. '
  const content = text.repeat(Math.max(1, Math.round(bodyBytes / text.length)))
  const body = JSON.stringify({ model: 'gpt-4o-mini', temperature: 0.7, messages: [{ role: 'user', content }] })
  const extra = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n${extra.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n`
  return Buffer.from(head + body)
}

interface Run {
  until: number
  tally: { latencies: number[]; errors: number }
}

function keepAsking(port: number, request: Buffer, { until, tally }: Run): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let answer: Buffer = Buffer.alloc(0)
    let sentAt = 0
    const ask = (): void => {
      sentAt = performance.now()
      if (sentAt >= until) return void socket.destroy()
      socket.write(request)
    }
    socket.on('connect', ask)
    socket.on('data', (chunk: Buffer) => {
      answer = answer.length === 0 ? chunk : Buffer.concat([answer, chunk])
      const complete = answerIsComplete(answer)
      if (complete === undefined) return
      if (complete) tally.latencies.push(performance.now() - sentAt)
      else tally.errors += 1
      answer = Buffer.alloc(0)
      ask()
    })
    socket.on('error', () => (tally.errors += 1))
    socket.on('close', () => resolve())
  })
}

/** undefined: not yet. false: complete, and not a 200. */
function answerIsComplete(bytes: Buffer): boolean | undefined {
  const end = bytes.indexOf(headEnd)
  if (end === -1) return undefined
  const head = bytes.toString('latin1', 0, end)
  const length = /content-length: ?(\d+)/i.exec(head)?.[1]
  const isComplete =
    length === undefined
      ? bytes.subarray(-5).equals(Buffer.from('0\r\n\r\n'))
      : bytes.length >= end + headEnd.length + Number(length)
  return isComplete ? head.startsWith('HTTP/1.1 200') : undefined
}

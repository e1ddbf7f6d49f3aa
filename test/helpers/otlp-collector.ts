import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'

/** A span as it came over OTLP/HTTP, its attributes as plain values. */
export interface ReceivedSpan {
  name: string
  kind: 'server' | 'client' | undefined
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  traceState: string | undefined
  /** 1e-9 seconds since 1970. */
  start: bigint
  end: bigint
  isError: boolean
  attributes: Record<string, unknown>
}

export interface ReceivedPoint {
  attributes: Record<string, unknown>
  /** Of a histogram. */
  count: number
  /** Of a histogram; the value of a counter. */
  sum: number
}

export interface ReceivedMetric {
  name: string
  unit: string
  kind: 'histogram' | 'counter'
  /** Of a histogram. */
  bounds: number[] | undefined
  points: ReceivedPoint[]
}

export interface Collector {
  /** To be given as `telemetry.otlp.endpoint`. */
  url: string
  /** The spans of a trace or of a call, once there are as many. */
  spans(wanted: { count: number; callId?: string; traceId?: string }): Promise<ReceivedSpan[]>
  /** All spans so far. */
  seen(): ReceivedSpan[]
  /** The latest state of every metric, once there is one of that name. */
  metrics(name: string): Promise<Map<string, ReceivedMetric>>
  /** Headers of every export so far. */
  headers: IncomingHttpHeaders[]
  resource(): Record<string, unknown>
  /** What every export so far said, as text. */
  text(): string
  /** Answers with this status from now on; 200 takes what comes, 0 says nothing at all. */
  answer(status: number): void
  close(): Promise<void>
}

/** A collector on a loopback port that takes OTLP/HTTP as JSON; `port` 0 is any. */
export async function startCollector(port = 0): Promise<Collector> {
  const store = new Store()
  const server = createServer(store.take)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers: store.headers,
    spans: ({ count, callId, traceId }) =>
      store.until(() => {
        const trace =
          traceId ?? store.spans.find(({ attributes }) => attributes['llm_gateway.request_id'] === callId)?.traceId
        const found = store.spans.filter((span) => span.traceId === trace)
        return trace !== undefined && found.length >= count ? found : undefined
      }),
    seen: () => store.spans,
    metrics: (name) => store.until(() => (store.metrics.has(name) ? store.metrics : undefined)),
    resource: () => store.resource,
    text: () => store.texts.join('\n'),
    answer: (status) => {
      store.status = status
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Value {
  stringValue?: string
  boolValue?: boolean
  intValue?: number | string
  doubleValue?: number
  arrayValue?: { values: Value[] }
}

interface Pair {
  key: string
  value: Value
}

interface SentSpan {
  name: string
  kind: number
  traceId: string
  spanId: string
  parentSpanId?: string
  traceState?: string
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: Pair[]
  status: { code: number }
}

interface SentPoint {
  attributes: Pair[]
  count?: number | string
  sum?: number
  asInt?: number | string
  asDouble?: number
  explicitBounds?: number[]
}

interface SentMetric {
  name: string
  unit: string
  histogram?: { dataPoints: SentPoint[] }
  sum?: { dataPoints: SentPoint[] }
}

interface Sent {
  resourceSpans?: { resource: { attributes: Pair[] }; scopeSpans: { spans: SentSpan[] }[] }[]
  resourceMetrics?: { resource: { attributes: Pair[] }; scopeMetrics: { metrics: SentMetric[] }[] }[]
}

class Store {
  readonly spans: ReceivedSpan[] = []
  readonly metrics = new Map<string, ReceivedMetric>()
  readonly headers: IncomingHttpHeaders[] = []
  readonly texts: string[] = []
  resource: Record<string, unknown> = {}
  status = 200
  #waiting: (() => void)[] = []

  readonly take = (request: IncomingMessage, response: ServerResponse): void => {
    void readText(request).then((body) => {
      if (this.status === 0) return
      response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}')
      if (this.status !== 200) return
      this.headers.push(request.headers)
      this.texts.push(body)
      this.#keep(JSON.parse(body) as Sent, request.url)
      for (const look of this.#waiting.splice(0)) look()
    })
  }

  until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = find()
        if (found === undefined) this.#waiting.push(look)
        else resolve(found)
      }
      look()
    })
  }

  #keep({ resourceSpans = [], resourceMetrics = [] }: Sent, path: string | undefined): void {
    const wanted = resourceSpans.length > 0 ? '/v1/traces' : '/v1/metrics'
    if (path !== wanted) throw new Error(`sent to ${path}, not to ${wanted}`)
    for (const { resource, scopeSpans } of resourceSpans) {
      this.resource = valuesOf(resource.attributes)
      this.spans.push(...scopeSpans.flatMap(({ spans }) => spans.map(readSpan)))
    }
    for (const { scopeMetrics } of resourceMetrics) {
      for (const metric of scopeMetrics.flatMap(({ metrics }) => metrics))
        this.metrics.set(metric.name, readMetric(metric))
    }
  }
}

function readSpan(span: SentSpan): ReceivedSpan {
  return {
    name: span.name,
    kind: span.kind === 2 ? 'server' : span.kind === 3 ? 'client' : undefined,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId === '' ? undefined : span.parentSpanId,
    traceState: span.traceState,
    start: BigInt(span.startTimeUnixNano),
    end: BigInt(span.endTimeUnixNano),
    isError: span.status.code === 2,
    attributes: valuesOf(span.attributes),
  }
}

function readMetric({ name, unit, histogram, sum }: SentMetric): ReceivedMetric {
  const points = (histogram ?? sum)?.dataPoints ?? []
  return {
    name,
    unit,
    kind: histogram === undefined ? 'counter' : 'histogram',
    bounds: points[0]?.explicitBounds,
    points: points.map((point) => ({
      attributes: valuesOf(point.attributes),
      count: Number(point.count ?? 0),
      sum: Number(point.sum ?? point.asInt ?? point.asDouble ?? 0),
    })),
  }
}

function valuesOf(pairs: Pair[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, valueOf(value)]))
}

function valueOf({ stringValue, boolValue, intValue, doubleValue, arrayValue }: Value): unknown {
  if (arrayValue !== undefined) return arrayValue.values.map(valueOf)
  return stringValue ?? boolValue ?? (intValue === undefined ? doubleValue : Number(intValue))
}

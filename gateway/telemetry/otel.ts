import { randomUUID } from 'node:crypto'
import { getCACertificates } from 'node:tls'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace'
import { maskUrl } from '../config/credentials.ts'
import type { AttemptEnd, CallStart } from './call-trace.ts'
import { genAiNames, wantsLatest, type GenAiNames } from './gen-ai-names.ts'
import type { Log } from './log.ts'
import { watchExports, watched, type ExportWatch } from './otel-export.ts'
import { createGenAiMetrics, type RecordAttempt } from './otel-metrics.ts'
import { CallSpans } from './otel-spans.ts'

/**
 * OpenTelemetry over OTLP/HTTP. Only what is configured loads this file and the packages it needs (100 ms, 22 packages).
 */
export interface OtelSettings {
  endpoint: string
  headers?: Record<string, string> | undefined
  traces: boolean
  metrics: boolean
  captureContent: boolean
}

export interface OtelPorts {
  log: Log
  now: () => number
  env: Record<string, string | undefined>
  version: string
  /** PEM: authorities to trust besides the usual ones. */
  ca?: string | undefined
}

export interface Otel {
  names: GenAiNames
  /** Opens the spans of a call; absent where no traces are wanted. */
  begin: ((start: CallStart) => CallSpans) | undefined
  /** Absent where no metrics are wanted. */
  recordAttempt: ((end: AttemptEnd) => void) | undefined
  /** Sends what is left, for at most so long, and hardly tries where nothing was taken last time. Never rejects. */
  close(timeoutMs: number): Promise<void>
}

/** Milliseconds. A collector that takes longer has lost the batch. */
const exportTimeoutMs = 10_000
const spanDelayMs = 2000
const hopelessMs = 500
const metricDelayMs = 60_000
/** Spans that wait for the collector; those beyond are dropped. With content a span is up to 64 KB. */
const waiting = { plain: 2048, withContent: 256 }
/** Spans of one export: their text is made in one go, on the loop that serves streams. */
const batch = { plain: 128, withContent: 16 }
/** Series of one metric; clients choose model names. The SDK sums up what is beyond. */
const seriesLimit = 1000

export function createOtel(settings: OtelSettings, ports: OtelPorts): Otel {
  const names = genAiNames(wantsLatest(ports.env))
  const resource = resourceFromAttributes(resourceAttributes(ports))
  const tracing = settings.traces ? createTracing(settings, resource, names, ports) : undefined
  const metering = settings.metrics ? createMetering(settings, resource, names, ports) : undefined
  return {
    names,
    begin: tracing?.begin,
    recordAttempt: metering?.record,
    async close(timeoutMs) {
      const senders = [tracing, metering].filter((sender) => sender !== undefined)
      const isHopeless = senders.some(({ watch }) => watch.isFailing())
      const ends = senders.map((sender) => sender.close().catch(() => undefined))
      await within(isHopeless ? Math.min(timeoutMs, hopelessMs) : timeoutMs, Promise.all(ends))
    },
  }
}

interface Tracing {
  watch: ExportWatch
  begin: (start: CallStart) => CallSpans
  close: () => Promise<void>
}

function createTracing(settings: OtelSettings, resource: Resource, names: GenAiNames, ports: OtelPorts): Tracing {
  const { captureContent: keepsContent } = settings
  const size = keepsContent ? 'withContent' : 'plain'
  const watch = watchExports('traces', maskUrl(settings.endpoint), ports.log)
  const sender = new OTLPTraceExporter(connection(settings, 'traces', ports))
  const exporter = watched<ReadableSpan[], OTLPTraceExporter>(sender, watch, (spans) => spans.length)
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: waiting[size],
    maxExportBatchSize: batch[size],
    scheduledDelayMillis: positive(ports.env['OTEL_BSP_SCHEDULE_DELAY']) ?? spanDelayMs,
    // Somewhat later than the exporter itself gives up.
    exportTimeoutMillis: exportTimeoutMs + 5000,
  })
  const provider = new TracerProvider({ resource, spanProcessors: [processor] })
  const spanPorts = {
    tracer: provider.getTracer('llm-gateway', ports.version),
    names: names.attributes,
    keepsContent,
    now: ports.now,
  }
  return { watch, begin: (start) => new CallSpans(start, spanPorts), close: () => provider.shutdown() }
}

interface Metering {
  watch: ExportWatch
  record: RecordAttempt
  close: () => Promise<void>
}

function createMetering(settings: OtelSettings, resource: Resource, names: GenAiNames, ports: OtelPorts): Metering {
  const watch = watchExports('metrics', maskUrl(settings.endpoint), ports.log)
  const sender = new OTLPMetricExporter(connection(settings, 'metrics', ports))
  // Cumulative: what one export has lost the next one tells.
  const exporter = watched<ResourceMetrics, OTLPMetricExporter>(sender, watch, () => 0)
  const exportIntervalMillis = positive(ports.env['OTEL_METRIC_EXPORT_INTERVAL']) ?? metricDelayMs
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(exportIntervalMillis, exportTimeoutMs + 5000),
    cardinalityLimits: { default: seriesLimit },
  })
  const provider = new MeterProvider({ resource, readers: [reader] })
  const record = createGenAiMetrics(provider.getMeter('llm-gateway', ports.version), names)
  return { watch, record, close: () => provider.shutdown() }
}

function connection({ endpoint, headers = {} }: OtelSettings, signal: 'traces' | 'metrics', { ca }: OtelPorts) {
  const url = new URL(endpoint)
  url.pathname = `${url.pathname.replace(/\/(v1\/(traces|metrics)\/?)?$/, '')}/v1/${signal}`
  return {
    url: url.href,
    headers,
    timeoutMillis: exportTimeoutMs,
    httpAgentOptions: { keepAlive: true, ...(ca !== undefined && { ca: [...getCACertificates(), ca] }) },
  }
}

/** OpenTelemetry's own variables say who sends this, where there is more than one gateway. */
function resourceAttributes({ env, version }: OtelPorts): Record<string, string> {
  return {
    'service.name': 'llm-gateway',
    'service.version': version,
    'service.instance.id': randomUUID(),
    ...pairs(env['OTEL_RESOURCE_ATTRIBUTES']),
    ...(env['OTEL_SERVICE_NAME'] !== undefined && { 'service.name': env['OTEL_SERVICE_NAME'] }),
  }
}

function pairs(list: string | undefined): Record<string, string> {
  const found = (list ?? '').split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    if (at < 1) return []
    try {
      return [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]]
    } catch {
      return []
    }
  })
  return Object.fromEntries(found)
}

/** Milliseconds. */
function positive(text: string | undefined): number | undefined {
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : undefined
}

function within(ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    void work.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

import {
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes as ApiAttributes,
  type Context,
  type HrTime,
  type Span,
  type Tracer,
} from '@opentelemetry/api'
import type { AttemptEnd, Attributes, CallEnd, CallStart, CallTrace, TracedTarget } from './call-trace.ts'
import type { GenAiAttributes } from './gen-ai-names.ts'
import * as about from './otel-attributes.ts'
import { readTraceContext, saneBaggage } from './trace-context.ts'

export interface SpanPorts {
  tracer: Tracer
  names: GenAiAttributes
  keepsContent: boolean
  /** Milliseconds since 1970. */
  now: () => number
}

/**
 * The server span of a call, and a client span for each of its attempts. They are begun when their ids are needed and
 * told everything else at the end; nothing is tracked through asynchronous code.
 */
export class CallSpans implements CallTrace {
  readonly keepsContent: boolean
  readonly #ports: SpanPorts
  readonly #startedAt: number
  readonly #server: Span
  readonly #inside: Context
  /** The caller's, for every provider. */
  readonly #baggage: string | undefined
  readonly #attempts = new Map<number, Span>()

  constructor(start: CallStart, ports: SpanPorts) {
    this.#ports = ports
    this.keepsContent = ports.keepsContent
    this.#startedAt = start.startedAt
    this.#baggage = saneBaggage(start.headers)
    this.#server = ports.tracer.startSpan(
      about.callName(start),
      {
        kind: SpanKind.SERVER,
        startTime: timeOf(start.startedAt),
        attributes: given(about.callStartAttributes(start)),
      },
      callerOf(start),
    )
    this.#inside = trace.setSpan(ROOT_CONTEXT, this.#server)
  }

  attempt(number: number, target: TracedTarget): Record<string, string> {
    const { traceId, spanId, traceFlags, traceState } = this.#begin(number, target, this.#ports.now()).spanContext()
    const state = traceState?.serialize() ?? ''
    return {
      traceparent: `00-${traceId}-${spanId}-${(traceFlags & 1).toString(16).padStart(2, '0')}`,
      ...(state !== '' && { tracestate: state }),
      ...(this.#baggage !== undefined && { baggage: this.#baggage }),
    }
  }

  /** False: a sampler has decided that nobody wants to know more. */
  get isRecording(): boolean {
    return this.#server.isRecording()
  }

  end(call: CallEnd, attempts: AttemptEnd[]): void {
    const endedAt = this.#startedAt + call.durationMs
    for (const attempt of attempts) this.#endAttempt(attempt, endedAt)
    // Begun, and not heard of again.
    for (const span of this.#attempts.values()) span.end(timeOf(endedAt))
    this.#attempts.clear()
    this.#server.setAttributes(given(about.callEndAttributes(call, this.#ports.names.errorType)))
    if (about.isServerError(call)) this.#server.setStatus({ code: SpanStatusCode.ERROR })
    this.#server.end(timeOf(endedAt))
  }

  #begin(number: number, target: TracedTarget, at: number): Span {
    const { tracer, names } = this.#ports
    const attributes = about.targetAttributes(target, names)
    const options = { kind: SpanKind.CLIENT, startTime: timeOf(at), attributes }
    const span = tracer.startSpan(about.attemptName(target), options, this.#inside)
    this.#attempts.set(number, span)
    return span
  }

  #endAttempt(attempt: AttemptEnd, callEndedAt: number): void {
    const { number, target, startedAt, durationMs } = attempt
    const span = this.#attempts.get(number) ?? this.#begin(number, target, startedAt)
    this.#attempts.delete(number)
    span.setAttributes(given(about.attemptEndAttributes(attempt, this.#ports.names)))
    if (attempt.outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR })
    // The two are measured apart, by clocks of whole milliseconds: a child does not outlive its parent.
    span.end(timeOf(Math.min(startedAt + durationMs, callEndedAt)))
  }
}

function callerOf({ headers }: CallStart): Context {
  const caller = readTraceContext(headers)
  if (caller === undefined) return ROOT_CONTEXT
  const { traceId, spanId, flags, state } = caller
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: flags & 1,
    isRemote: true,
    ...(state !== undefined && { traceState: createTraceState(state) }),
  })
}

/** A plain number near 0 would be taken for a time since the process began. */
function timeOf(ms: number): HrTime {
  const whole = Math.floor(ms / 1000)
  return [whole, Math.round((ms - whole * 1000) * 1e6)]
}

function given(attributes: Attributes): ApiAttributes {
  const kept: ApiAttributes = {}
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) kept[name] = value
  return kept
}

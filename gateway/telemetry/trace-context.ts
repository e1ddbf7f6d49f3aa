import type { IncomingHttpHeaders } from 'node:http'

/** Where a request says that it is part of a trace (W3C Trace Context and Baggage). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string
  /** Of the caller's span: 16 hexadecimal digits. */
  spanId: string
  /** The lowest bit: sampled. */
  flags: number
  /** As it came; undefined where it is none that may be handed on. */
  state: string | undefined
}

const parentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** undefined: the trace begins here, as the specification wants it for whatever is not exactly right. */
export function readTraceContext(headers: IncomingHttpHeaders): TraceContext | undefined {
  const { traceparent, tracestate } = headers
  if (typeof traceparent !== 'string') return undefined
  const [, version, traceId, spanId, flags, more] = parentPattern.exec(traceparent) ?? []
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return undefined
  // Later versions may say more than we know; the first one may not.
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, flags: Number.parseInt(flags, 16), state: saneState(tracestate) }
}

const longestState = 512
const mostStates = 32
const stateMember =
  /^(?:[a-z0-9][_0-9a-z*/@-]{0,255})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/

/** One wrong member spoils the list: whoever wrote it cannot be trusted with the others. */
function saneState(state: string | string[] | undefined): string | undefined {
  const text = Array.isArray(state) ? state.join(',') : state
  if (text === undefined || text.length > longestState) return undefined
  const members = membersOf(text)
  if (members.length === 0 || members.length > mostStates) return undefined
  if (!members.every((member) => stateMember.test(member))) return undefined
  const keys = new Set(members.map((member) => member.slice(0, member.indexOf('='))))
  return keys.size === members.length ? members.join(',') : undefined
}

const longestBaggage = 8192
const mostBaggage = 64
const baggageMember =
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*=[ \t]*[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*(?:[ \t]*;[\x20\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]*)?$/

/** The caller's `baggage` as it may be handed on; undefined where there is none, or none that is well formed. */
export function saneBaggage({ baggage }: IncomingHttpHeaders): string | undefined {
  const text: unknown = Array.isArray(baggage) ? baggage.join(',') : baggage
  if (typeof text !== 'string' || text.length > longestBaggage) return undefined
  const members = membersOf(text)
  if (members.length === 0 || members.length > mostBaggage) return undefined
  return members.every((member) => baggageMember.test(member)) ? members.join(',') : undefined
}

function membersOf(list: string): string[] {
  return list
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '')
}

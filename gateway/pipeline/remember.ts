import { asObject, parseJson } from '../chat/json.ts'
import type { Responses } from '../stores/responses.ts'
import type { Call, Caller, Route } from './call.ts'

/** Keeps what a call was answered with, where its dialect lets clients refer to it later (recall.ts). */
export interface Remember {
  /** Whether the whole answer will be needed: not where the provider keeps it itself. */
  wants: (call: Call, route: Route) => boolean
  /** `answer`: the whole answer in the client's dialect. */
  keep: (call: Call, caller: Caller, answer: Uint8Array) => void
}

export function createRemember(responses: Responses): Remember {
  return {
    wants: (call, { targets }) =>
      call.dialect.client?.memory?.isKept(call.members) === true && targets.some(({ passThrough }) => !passThrough),
    keep(call, caller, bytes) {
      const memory = call.dialect.client?.memory
      const answer = asObject(parseJson(Buffer.from(bytes).toString('utf8')))
      if (memory?.isKept(call.members) !== true || answer === undefined) return
      const kept = memory.keep(call.json(), answer)
      if (kept !== undefined) responses.keep(caller.name, kept)
    },
  }
}

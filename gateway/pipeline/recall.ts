import type { JsonObject } from '../chat/json.ts'
import { deepestNesting, scanMembers } from '../dialects/members.ts'
import { GatewayError } from '../errors.ts'
import type { Responses } from '../stores/responses.ts'
import type { Call, Caller } from './call.ts'

export type Recall = (call: Call, caller: Caller) => Call

/**
 * Puts what the request refers to (an earlier response, an item of one) in its place, for whoever is asked: providers
 * do not know what the gateway answered. What is not known here is left as it is.
 */
export function createRecall(responses: Responses): Recall {
  return (call, caller) => {
    const memory = call.dialect.client?.memory
    if (memory?.refers(call.members) !== true) return call
    const body = memory.recall(call.json(), {
      response: (id) => responses.find(caller.name, id),
      item: (id) => responses.findItem(caller.name, id),
    })
    return body === undefined ? call : withBody(call, body)
  }
}

function withBody(call: Call, body: JsonObject): Call {
  const members = scanMembers(Buffer.from(JSON.stringify(body)))
  if (members === undefined) {
    throw new GatewayError('invalid_json', `The conversation is nested more than ${deepestNesting} levels deep.`)
  }
  return { ...call, members, json: () => body }
}

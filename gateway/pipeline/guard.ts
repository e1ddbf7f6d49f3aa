import { deepestNesting, scanMembers } from '../dialects/members.ts'
import type { JsonObject } from '../chat/json.ts'
import { GatewayError } from '../errors.ts'
import { flagText } from '../guards/findings.ts'
import { createGuard, type Guard, type GuardRule } from '../guards/guard.ts'
import { screenBody } from '../guards/screen-body.ts'
import { matchesPattern } from '../providers/pattern.ts'
import type { GuardFinding } from '../stores/ledger.ts'
import type { Ticket } from './admit.ts'
import type { Call, Route } from './call.ts'
import { noteHit } from './guard-answer.ts'
import { blockedError } from './guard-blocked.ts'
import type { Stages } from './handle.ts'
import type { Ending } from './settle.ts'

/** What guards have to do with a call; absent where none applies. */
export interface CallGuards {
  /** In the request. */
  found: GuardFinding[]
  /** Why it goes no further. */
  refused: GatewayError | undefined
  /** Those that look at the answer. */
  response: readonly Guard[]
  /** One of them takes out, or makes an end: nothing leaves unseen. */
  holds: boolean
  /** Those that hold, as text: an answer made without them is not served with them. '' = none does. */
  fingerprint: string
}

/** Looks at the request; the call comes back with what must change in it. */
export type ScreenRequest = (call: Call, route: Route) => Promise<Call>

/** The stages, with guards among them. Without rules they are the same, and cost nothing. */
export function withGuards(stages: Stages, rules: readonly GuardRule[]): Stages {
  if (rules.length === 0) return stages
  const { admit, answer, settle } = stages
  const screen = createScreen(rules)
  return {
    ...stages,
    screen,
    async settle(ending) {
      return settle({ ...ending, call: await screenedToKeep(ending, screen) })
    },
    async admit(call, caller, route) {
      if (call.guards?.refused !== undefined) throw call.guards.refused
      const ticket = await admit(call, caller, route)
      return flagged(ticket, call.guards?.found)
    },
    async answer(call, caller, route, ticket) {
      const answered = await answer(call, caller, route, ticket)
      if (call.guards === undefined) return answered
      const guards = await noteHit(call, answered)
      const all = guards ?? answered.decisive?.seen?.guards ?? []
      // A stream's head is gone by now.
      flag(ticket.headers, [...call.guards.found, ...all])
      return guards === undefined ? answered : { ...answered, guards }
    },
  }
}

/**
 * A call that ended before it was looked at (no such model, no key, no JSON) is told to the log and to what keeps bodies
 * all the same: they get it screened, or without its body where it cannot be, or where nobody knows who asks.
 */
async function screenedToKeep({ call, caller, route }: Ending, screen: ScreenRequest): Promise<Call> {
  if (call.guards !== undefined) return call
  const bare = async (): Promise<Call> => changed(call, await withBody({}))
  if (caller === undefined) return bare()
  return screen(call, route ?? { alias: undefined, targets: [] }).catch(bare)
}

/** A copy: the headers may be everybody's. */
function flagged(ticket: Ticket, found: readonly GuardFinding[] = []): Ticket {
  const headers = { ...ticket.headers }
  flag(headers, found)
  return { ...ticket, headers }
}

function flag(headers: Record<string, string>, found: readonly GuardFinding[]): void {
  const text = flagText(found)
  if (text !== undefined) headers['x-gateway-guard'] = text
}

/** `on` and `aliases` are the rule's. */
interface Rule extends Pick<GuardRule, 'on' | 'aliases' | 'action'> {
  rule: GuardRule
  guard: Guard
}

export function createScreen(rules: readonly GuardRule[]): ScreenRequest {
  const ready = rules.map((rule): Rule => ({ ...rule, rule, guard: createGuard(rule) }))
  return async (call, route) => {
    const applying = ready.filter(({ aliases }) => isMeant(aliases, call, route))
    if (applying.length === 0) return call
    const guards = guardsOf(applying)
    const request = applying.filter(({ on }) => on.includes('request')).map(({ guard }) => guard)
    if (request.length === 0) return changed(call, { guards })
    const { findings, blocked, changed: body } = await screenBody(call.json(), request, 'request')
    const found = findings.list()
    const refused = blocked === undefined ? undefined : blockedError(blocked, 'request')
    return changed(call, { guards: { ...guards, found, refused }, ...(body !== undefined && (await withBody(body))) })
  }
}

/** By the name the client uses, or the alias it is. */
function isMeant(aliases: readonly string[] | undefined, { model }: Call, { alias }: Route): boolean {
  if (aliases === undefined) return true
  return aliases.some(
    (pattern) => matchesPattern(pattern, model) || (alias !== undefined && matchesPattern(pattern, alias)),
  )
}

function guardsOf(applying: readonly Rule[]): CallGuards {
  const response = applying.filter(({ on }) => on.includes('response'))
  const holding = response.filter(({ action }) => action === 'redact' || action === 'block')
  return {
    found: [],
    refused: undefined,
    response: response.map(({ guard }) => guard),
    holds: holding.length > 0,
    fingerprint: holding.length === 0 ? '' : JSON.stringify(holding.map(({ rule }) => rule)),
  }
}

/** Members that are read when they are asked for (the model of a form that is still arriving) stay so. */
function changed(call: Call, changes: Partial<Call>): Call {
  const all = { ...Object.getOwnPropertyDescriptors(call), ...Object.getOwnPropertyDescriptors(changes) }
  return Object.defineProperties({}, all) as Call
}

/** Where others get their turn between steps that each take some milliseconds. Bytes. */
const largeBody = 256 * 1024

async function withBody(body: JsonObject): Promise<Pick<Call, 'members' | 'json'>> {
  const bytes = Buffer.from(JSON.stringify(body))
  if (bytes.length > largeBody) await new Promise((resolve) => setImmediate(resolve))
  const members = scanMembers(bytes)
  if (members === undefined) {
    throw new GatewayError('invalid_json', `The request is nested more than ${deepestNesting} levels deep.`)
  }
  return { members, json: () => body }
}

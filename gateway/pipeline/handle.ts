import { GatewayError } from '../errors.ts'
import type { Admit, Ticket } from './admit.ts'
import type { Authenticate } from './authenticate.ts'
import type { Answer, Call, Caller, Route } from './call.ts'
import type { ScreenRequest } from './guard.ts'
import type { Recall } from './recall.ts'
import { failedAnswer, sendAnswer } from './send-answer.ts'
import type { Ending, Settled } from './settle.ts'

/** What a call goes through, in order; each is made once per configuration by runtime.ts. */
export interface Stages {
  /** Opens the call's spans; absent where nobody collects any. */
  trace?: (call: Call) => Call
  authenticate: Authenticate
  /** Puts earlier answers that the request refers to in their place. */
  recall?: Recall
  /** A promise where the model stands in a body that is still arriving. */
  route: (call: Call, caller: Caller) => Route | Promise<Route>
  /** Looks for what should not be sent; absent where nothing is looked for. */
  screen?: ScreenRequest
  admit: Admit
  /** From the cache, or by asking providers; sends everything but the end. */
  answer: (call: Call, caller: Caller, route: Route, ticket: Ticket) => Promise<Answer>
  settle: (ending: Ending) => Promise<Settled>
  onUnexpected: (error: unknown, call: Call) => void
}

/** The story of one call. Never rejects: whatever happens, the client is told and the ledger knows. */
export async function handle(received: Call, stages: Stages): Promise<void> {
  let call = stages.trace?.(received) ?? received
  let caller: Caller | undefined
  let route: Route | undefined
  let ticket: Ticket | undefined
  let answer: Answer
  try {
    caller = stages.authenticate(call.token)
    call = stages.recall?.(call, caller) ?? call
    route = await stages.route(call, caller)
    if (stages.screen !== undefined) call = await stages.screen(call, route)
    ticket = await stages.admit(call, caller, route)
    answer = await stages.answer(call, caller, route, ticket)
  } catch (error) {
    if (!(error instanceof GatewayError)) stages.onUnexpected(error, call)
    answer = failedAnswer(error)
  }
  const settled = await stages.settle({ call, caller, route, ticket, answer }).catch((error: unknown): Settled => {
    stages.onUnexpected(error, call)
    return { rows: [], costNanoUsd: undefined }
  })
  sendAnswer(call, answer, settled, ticket?.headers)
}

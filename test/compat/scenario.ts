import type { ScriptedDialectId } from '../helpers/scripted-dialect.ts'
import type { ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import type { SeenRequest } from '../helpers/scripted-answer.ts'
import type { HttpReplies } from './http-replies.ts'
import type { Explained, Lack, Sdk, Session, Thoughts } from './sdk.ts'

/** One thing that users do. `play` throws where it does not come out as the script has it. */
export interface Scenario {
  /** The table of docs/compatibility.md that it stands in. */
  group: string
  name: string
  needs?: Lack
  /** It takes several providers, and so the gateway. */
  isMany?: true
  play: (stage: Stage) => Promise<void>
}

/** One cell of a table: a library, and the dialect in which the scripted model is asked in the end. */
export interface Stage {
  sdk: Sdk
  session: Session
  /** What becomes of thinking in this cell. */
  thoughts: Thoughts
  /** What the upstream speaks. */
  dialect: ScriptedDialectId
  model: string
  /** A model that is asked in another dialect. */
  other: { model: string; dialect: ScriptedDialectId }
  upstream: ScriptedUpstream
  /** What the library was answered, beneath itself. */
  replies: HttpReplies
}

/** The request with that number (from 0), as the upstream understood it. */
export function seenAt({ upstream, dialect }: Pick<Stage, 'upstream' | 'dialect'>, index: number): SeenRequest {
  const request = upstream.requests[index]
  if (request === undefined) throw new Error(`the upstream was asked ${upstream.requests.length} times`)
  if (request.dialect !== dialect) throw new Error(`the upstream was asked in ${request.dialect}, not in ${dialect}`)
  if (request.seen === undefined) throw new Error(request.refusal)
  return request.seen
}

/** What the library says of a call that has to fail. */
export async function failureOf({ session }: Stage, call: Promise<unknown>): Promise<Explained> {
  let answer: unknown
  try {
    answer = await call
  } catch (error) {
    return session.explain(error)
  }
  throw new Error(`it should have failed, but: ${JSON.stringify(answer)}`)
}

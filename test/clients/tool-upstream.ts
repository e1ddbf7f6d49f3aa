import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { asObject, parseJson, type JsonObject } from '../../gateway/chat/json.ts'
import type { ScriptedAnswer, SeenRequest } from '../helpers/scripted-answer.ts'
import { scriptedDialects, type ScriptedDialectId } from '../helpers/scripted-dialect.ts'
import { scriptedTable } from '../helpers/scripted-dialects.ts'
import { Issued } from '../helpers/scripted-issued.ts'
import { Refusal } from '../helpers/scripted-refusal.ts'
import { callOf } from './shell-call.ts'

/** What one request looked like to the provider. */
export interface UpstreamExchange {
  path: string
  dialect: ScriptedDialectId | undefined
  seen: SeenRequest | undefined
  /** Why it was refused, as the vendor would have. */
  refusal: string | undefined
}

export interface ToolUpstreamOptions {
  port: number
  /** What it says in the end, or at once to clients without a shell. */
  lastWords: string
  /** Where it writes down what came. */
  exchanges: UpstreamExchange[]
}

/**
 * A provider that lets the agent run one shell command and then says so. It decides by what it is asked, because agents
 * ask for titles and memories in between.
 */
export function startToolUpstream({ port, lastWords, exchanges }: ToolUpstreamOptions): Promise<void> {
  const issued = new Issued()
  const server = createServer((incoming, response) => {
    answer(incoming, response, { exchanges, issued, lastWords }).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined)
    })
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
}

/** A list in every dialect. */
const noModels = { data: [], models: [] }

interface Stage {
  exchanges: UpstreamExchange[]
  issued: Issued
  lastWords: string
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  { exchanges, issued, lastWords }: Stage,
): Promise<void> {
  const { method, url: path = '/', headers } = incoming
  if (method === 'GET') return sendJson(response, 200, noModels)
  const body = asObject(parseJson(await readText(incoming))) ?? {}
  const id = scriptedDialects.find((dialect) => scriptedTable[dialect].path.test(path))
  if (id === undefined) {
    exchanges.push({ path, dialect: undefined, seen: undefined, refusal: 'no such path' })
    return sendJson(response, 404, { error: { message: `no such path: ${path}` } })
  }
  const dialect = scriptedTable[id]
  try {
    const seen = dialect.read({ path, headers, body }, issued)
    exchanges.push({ path, dialect: id, seen, refusal: undefined })
    const about = { model: 'far-model', request: body, issued }
    if (!seen.stream) return sendJson(response, 200, dialect.whole(sayTo(seen, lastWords), about))
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    response.end(dialect.stream(sayTo(seen, lastWords), about).join(''))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    exchanges.push({ path, dialect: id, seen: undefined, refusal: error.message })
    sendJson(response, 400, dialect.error(400, error.message))
  }
}

function sayTo(seen: SeenRequest, lastWords: string): ScriptedAnswer {
  const usage = { input: 40, output: 12 }
  if (seen.schema !== undefined) return { text: '{}', usage }
  const hasRun = seen.turns.some(({ results }) => results.length > 0)
  const call = hasRun ? undefined : callOf(seen.tools)
  return call === undefined ? { text: lastWords, usage } : { thinking: 'A look around first.', calls: [call], usage }
}

function sendJson(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isLoopback } from '../config/notices.ts'
import type { CallResult, MethodInput, MethodName, MethodOutput } from '../contract.ts'
import { GatewayError } from '../errors.ts'

/** The running gateway, as the command line asks it. */
export interface RunningGateway {
  /** Why it does not answer; undefined: it does. */
  problem: string | undefined
  /** The data folder whose admin token it takes; undefined: none, or it was given. */
  folder: string | undefined
  /** It may be managed from here. */
  isOpen: boolean
  call<Name extends MethodName>(method: Name, input: MethodInput<Name>): Promise<MethodOutput<Name>>
  /** What it lists for that key; undefined: it refuses. */
  models(key: string | undefined): Promise<string[] | undefined>
}

export interface ReachOptions {
  url: string
  adminToken: string | undefined
  /** Data folders that may hold its admin token. */
  folders: readonly string[]
  fetch: typeof fetch
}

const patienceMs = 5000

/** Asks whether it is there and which token opens its management. Never rejects. */
export async function reachGateway({ url, adminToken, folders, fetch }: ReachOptions): Promise<RunningGateway> {
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url + path, { ...init, signal: AbortSignal.timeout(patienceMs), redirect: 'error' })
  const problem = await ask('/health').then(
    ({ headers }) => (headers.has('x-llm-gateway') ? undefined : 'what listens there is no LLM Gateway'),
    (error: unknown) => reasonOf(error),
  )
  // A token that was found here is for a gateway of this machine; another machine must not get to see it.
  const own = isLoopback(URL.parse(url)?.hostname ?? '') ? folders : []
  const found = problem === undefined ? await findToken(ask, { adminToken, folders: own }) : undefined
  return {
    problem,
    folder: found?.folder,
    isOpen: found !== undefined,
    async call(method, input) {
      const result = await callMethod(ask, { method, input, token: found?.token ?? '' })
      if (result.ok) return result.value
      const { message, hint } = result.error
      throw new GatewayError('invalid_request', hint === null ? message : `${message} ${hint}`)
    },
    async models(key) {
      const response = await ask('/v1/models', { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } })
      if (!response.ok) return undefined
      const { data } = (await response.json()) as { data?: { id?: unknown }[] }
      return (data ?? []).flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
    },
  }
}

type Ask = (path: string, init?: RequestInit) => Promise<Response>

interface Opening {
  token: string
  folder: string | undefined
}

async function findToken(
  ask: Ask,
  { adminToken, folders }: Pick<ReachOptions, 'adminToken' | 'folders'>,
): Promise<Opening | undefined> {
  const kept = await Promise.all(
    folders.map(async (folder) => {
      const text = await readFile(join(folder, 'admin-token'), 'utf8').catch(() => '')
      return { token: text.trim(), folder }
    }),
  )
  const all: Opening[] = adminToken === undefined ? kept : [{ token: adminToken, folder: undefined }]
  for (const opening of all) {
    if (opening.token === '') continue
    const result = await callMethod(ask, { method: 'status.get', input: {}, token: opening.token }).catch(
      () => undefined,
    )
    if (result?.ok !== true) continue
    // Whichever way the token came: the gateway knows where its data is.
    return { token: opening.token, folder: opening.folder ?? result.value.dataFolder ?? undefined }
  }
  return undefined
}

interface MethodCall<Name extends MethodName> {
  method: Name
  input: MethodInput<Name>
  token: string
}

async function callMethod<Name extends MethodName>(ask: Ask, call: MethodCall<Name>): Promise<CallResult<Name>> {
  const response = await ask(`/api/v1/call/${call.method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${call.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(call.input),
  })
  return (await response.json()) as CallResult<Name>
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException }
  if (cause?.code === 'ECONNREFUSED') return 'nothing listens there'
  return cause?.message ?? message
}

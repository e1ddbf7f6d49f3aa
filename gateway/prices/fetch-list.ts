import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { priceFileLimit } from '../models/price-file.ts'
import type { ResponseHeaders, Upstream } from '../upstream/upstream.ts'
import { unusable } from './price-list.ts'

/** A price list as it came. */
export interface FetchedList {
  text: string
  /** What may be shown and kept: an address without user, password and query, or a file's name. */
  source: string
}

export interface FetchPorts {
  upstream: Upstream
  workingDirectory: string
  /** Bytes; and milliseconds for all of it. Tests set less. */
  limit?: number
  timeoutMs?: number
}

const mostRedirects = 5

export function isAddress(source: string): boolean {
  return /^https?:\/\//i.test(source)
}

/** From a file or an http(s) address. Throws GatewayError in words for people. */
export async function fetchList(source: string, ports: FetchPorts): Promise<FetchedList> {
  if (isAddress(source)) return download(source, ports)
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(source))
    throw unusable(`${source.split(':')[0]}:// is not read: give a file or http(s).`)
  return readLocal(source, ports)
}

async function readLocal(
  source: string,
  { workingDirectory, limit = priceFileLimit }: FetchPorts,
): Promise<FetchedList> {
  const file = resolve(workingDirectory, source)
  try {
    const { size } = await stat(file)
    if (size > limit) throw unusable(tooLong(limit))
    return { text: await readFile(file, 'utf8'), source: basename(file) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw unusable(`There is no file ${source}.`)
    if (code === undefined || code === 'invalid_request') throw error
    throw unusable(`${source} cannot be read: ${message}`)
  }
}

async function download(source: string, ports: FetchPorts): Promise<FetchedList> {
  const deadline = AbortSignal.timeout(ports.timeoutMs ?? 60_000)
  let url = parse(source)
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const { status, headers, body } = await get(url, ports, deadline)
    if (status === 200) return { text: body, source: shownAddress(parse(source)) }
    const location = headers['location']
    if (status < 300 || status > 399 || typeof location !== 'string') {
      throw unusable(`${shownAddress(url)} answered ${status}, not with a price list.`)
    }
    const next = URL.parse(location, url.href)
    if (next === null || next.protocol !== url.protocol) {
      throw unusable(`${shownAddress(url)} leads to ${next?.protocol ?? 'no address'}, which is not followed.`)
    }
    url = next
  }
  throw unusable(`${shownAddress(url)}: more than ${mostRedirects} redirects.`)
}

function parse(source: string): URL {
  const url = URL.parse(source)
  if (url === null) throw unusable(`"${source}" is no address.`)
  return url
}

function shownAddress({ origin, pathname }: URL): string {
  return origin + pathname
}

interface Reply {
  status: number
  headers: ResponseHeaders
  body: string
}

function get(url: URL, { upstream, limit = priceFileLimit }: FetchPorts, deadline: AbortSignal): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const chunks: Buffer[] = []
  let size = 0
  let head: Pick<Reply, 'status' | 'headers'> = { status: 0, headers: {} }
  const tooMuch = (): void => {
    // An answer that is here already cannot be aborted any more.
    reject(unusable(tooLong(limit)))
    flight.abort(unusable(tooLong(limit)))
  }
  const flight = upstream.send(
    {
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: { accept: 'application/json', 'accept-encoding': 'gzip', ...authorization(url) },
      connectMs: 10_000,
    },
    {
      onHead: (status, headers) => void (head = { status, headers }),
      onData(chunk) {
        size += chunk.length
        if (size <= limit) chunks.push(chunk)
        else tooMuch()
      },
      onEnd: () => resolve({ ...head, body: Buffer.concat(chunks).toString('utf8') }),
      onError: (error) => reject(error.name === 'GatewayError' ? error : unusable(whyNot(url, error))),
    },
  )
  const onLate = (): void => flight.abort(unusable(`${shownAddress(url)} took too long.`))
  if (deadline.aborted) onLate()
  deadline.addEventListener('abort', onLate, { once: true })
  return promise.finally(() => deadline.removeEventListener('abort', onLate))
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

function whyNot(url: URL, error: Error): string {
  const cause = error.cause instanceof Error ? error.cause.message : error.message
  return `${shownAddress(url)} cannot be read: ${cause}`
}

function tooLong(limit: number): string {
  return `The price list has more than ${limit} bytes.`
}

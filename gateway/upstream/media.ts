import { lookup } from 'node:dns'
import { isIP, BlockList, type LookupFunction } from 'node:net'
import { Agent, type Dispatcher } from 'undici'
import type { ChatRequest, Message, Source, UserPart } from '../chat/request.ts'
import { GatewayError } from '../errors.ts'

/** Replaces `http(s)` sources by their bytes, for providers that do not fetch (Gemini). Answers a new request. */
export type InlineMedia = (request: ChatRequest, signal: AbortSignal) => Promise<ChatRequest>

const maxBytes = 20 * 1024 * 1024
const maxRedirects = 3

/**
 * The client chooses these addresses, so they may only lead to the public internet: a link to a metadata service or to
 * a printer on the LAN must not be fetched with the gateway's network position (SSRF). Names are checked when they are
 * resolved for the connection itself, so a second look-up cannot answer differently.
 */
export function createInlineMedia(settings: { allowPrivate: boolean }): InlineMedia {
  const agent = new Agent({ connect: { timeout: 10_000, ...(settings.allowPrivate ? {} : { lookup: publicLookup }) } })
  const fetchSource = async (url: string, at: string, signal: AbortSignal): Promise<Source> => {
    let next = url
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      const address = checkUrl(next, at, settings.allowPrivate)
      const response = await get(address, at, { agent, signal })
      const { location } = response.headers
      if (response.statusCode !== 200) {
        await response.body.dump()
        const redirects = response.statusCode >= 300 && response.statusCode < 400 && typeof location === 'string'
        if (!redirects) throw unfetchable(at, `it answered with HTTP ${response.statusCode}`)
        next = URL.canParse(location, address.href) ? new URL(location, address).href : location
        continue
      }
      const type = response.headers['content-type']
      const mediaType =
        (typeof type === 'string' ? type.split(';')[0]?.trim() : undefined) ?? 'application/octet-stream'
      return { type: 'base64', mediaType, data: (await readLimited(response.body, at)).toString('base64') }
    }
    throw unfetchable(at, 'it redirects too often')
  }
  return (request, signal) => mapSources(request, (url, at) => fetchSource(url, at, signal))
}

async function get(
  url: URL,
  at: string,
  { agent, signal }: { agent: Agent; signal: AbortSignal },
): Promise<Dispatcher.ResponseData> {
  try {
    return await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      signal,
      headersTimeout: 20_000,
      bodyTimeout: 20_000,
    })
  } catch (error) {
    if (signal.aborted) throw error
    throw unfetchable(at, error instanceof Error ? error.message : 'the connection failed', error)
  }
}

async function readLimited(body: AsyncIterable<Buffer>, at: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      size += chunk.length
      if (size > maxBytes) throw unfetchable(at, `it is larger than ${maxBytes / 1024 / 1024} MB`)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error
    throw unfetchable(at, 'the connection was lost on the way', error)
  }
  return Buffer.concat(chunks)
}

type Fetch = (url: string, at: string) => Promise<Source>

async function mapSources(request: ChatRequest, fetchSource: Fetch): Promise<ChatRequest> {
  const messages = await Promise.all(request.messages.map((message, index) => mapMessage(message, index, fetchSource)))
  return { ...request, messages }
}

async function mapMessage(message: Message, index: number, fetchSource: Fetch): Promise<Message> {
  if (message.role !== 'user' && message.role !== 'tool') return message
  const parts = await Promise.all(
    message.parts.map((part, place) => mapPart(part, `messages[${index}].content[${place}]`, fetchSource)),
  )
  return { ...message, parts }
}

async function mapPart(part: UserPart, at: string, fetchSource: Fetch): Promise<UserPart> {
  if (part.type !== 'image' && part.type !== 'file') return part
  const { source } = part
  if (source.type !== 'url' || !isFetchable(source.url)) return part
  return { ...part, source: await fetchSource(source.url, at) }
}

/** Google reads its own file service and YouTube itself. */
function isFetchable(url: string): boolean {
  if (!/^https?:\/\//i.test(url)) return false
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  return !/(^|\.)(youtube\.com|youtu\.be|generativelanguage\.googleapis\.com)$/.test(host)
}

function checkUrl(text: string, at: string, allowPrivate: boolean): URL {
  if (!URL.canParse(text)) throw unfetchable(at, 'it is not a URL')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw unfetchable(at, 'it is not an http(s) address')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowPrivate && isIP(host) !== 0 && isPrivate(host)) throw unfetchable(at, 'it leads to a private address')
  return url
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 4)
    const blocked = addresses.find(({ address }) => isPrivate(address))
    if (blocked !== undefined) return callback(new Error('it leads to a private address'), '', 4)
    if (options.all === true) return callback(null, addresses)
    const first = addresses[0]
    callback(null, first?.address ?? '', first?.family ?? 4)
  })
}

export function isPrivate(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  const plain = mapped ?? address
  return privateRanges().check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
}

function privateRanges(): BlockList {
  const list = new BlockList()
  const v4 = [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '224.0.0.0/3',
  ]
  // With those that carry an IPv4 address (compatible, NAT64, Teredo, 6to4).
  const v6 = [
    '::/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '2001::/32',
    '2002::/16',
    'fc00::/7',
    'fe80::/10',
    'fec0::/10',
    'ff00::/8',
  ]
  for (const [ranges, family] of [
    [v4, 'ipv4'],
    [v6, 'ipv6'],
  ] as const) {
    for (const range of ranges) {
      const [net, prefix] = range.split('/') as [string, string]
      list.addSubnet(net, Number(prefix), family)
    }
  }
  return list
}

function unfetchable(at: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'unsupported_content',
    `${at} cannot be fetched for this provider, which takes files only inside the request: ${why}.`,
    {
      param: at,
      ...(cause === undefined ? {} : { cause }),
    },
  )
}

import { createServer } from 'node:net'
import { describePortHolder, findGatewayVersion } from '../gateway/port-holder.ts'

export interface TakenPort {
  host: string
  port: number
  /** In words: `another LLM Gateway, version 0.1.0, node (process 12)`. */
  holder: string
  isOurs: boolean
  /** The next one that is free; undefined: none near. */
  free: number | undefined
}

const mostTries = 20

export async function lookAtTakenPort({ host, port }: { host: string; port: number }): Promise<TakenPort> {
  const [holder, version, free] = await Promise.all([
    describePortHolder(port),
    findGatewayVersion(port),
    nextFreePort({ host, port }),
  ])
  return { host, port, holder, isOurs: version !== undefined, free }
}

/** By trying: Windows keeps ranges to itself that look free (claude-code#3402). */
export async function nextFreePort({ host, port }: { host: string; port: number }): Promise<number | undefined> {
  for (let next = port + 1; next <= Math.min(port + mostTries, 65_535); next += 1) {
    if (await isPortFree({ host, port: next })) return next
  }
  return undefined
}

export function isPortFree({ host, port }: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port }, () => server.close(() => resolve(true)))
  })
}

export interface PortQuestion {
  message: string
  detail: string
  buttons: { label: string; choice: PortChoice }[]
}

export type PortChoice =
  | { do: 'open-other'; url: string }
  | { do: 'use'; port: number }
  | { do: 'quit' }
  | { do: 'later' }

export interface KnownTools {
  /** Connected by the app: they are pointed at the new address along with it. */
  connected: readonly string[]
  /** Clients that the ledger knows, which may have the old address. */
  others: readonly string[]
}

/** What to ask the user. */
export function portQuestion({ host, port, holder, isOurs, free }: TakenPort, tools: KnownTools): PortQuestion {
  const use: PortQuestion['buttons'] =
    free === undefined ? [] : [{ label: `Use port ${free}`, choice: { do: 'use', port: free } }]
  const moved = free === undefined ? '' : movedWords(port, free, tools)
  if (isOurs) {
    return {
      message: `LLM Gateway already runs on port ${port}.`,
      detail: `It is ${holder}. You can look at that one instead, in the browser.${moved}`,
      buttons: [
        { label: 'Open that one', choice: { do: 'open-other', url: `http://${host}:${port}/ui/` } },
        ...use,
        { label: 'Quit', choice: { do: 'quit' } },
      ],
    }
  }
  return {
    message: `Port ${port} is taken by ${holder}.`,
    detail: `The gateway does not run until it has a port. Stop the other program and start the app again, or let the gateway use another port: that is kept.${moved}`,
    buttons: [...use, { label: 'Not now', choice: { do: 'later' } }],
  }
}

const mostNamed = 5

function movedWords(port: number, free: number, { connected, others }: KnownTools): string {
  const known = others.length === 0 ? '' : ` (calls came from ${others.slice(0, mostNamed).join(', ')})`
  const byHand = ` On port ${free}, tools that are set to ${port} have to be pointed at the new address${known}.`
  if (connected.length === 0) return byHand
  const names = connected.join(', ')
  const along = ` On port ${free}, what is connected here is pointed at the new address: ${names}.`
  return others.length === 0 ? along : `${along} Others that are set to ${port} have to be told${known}.`
}

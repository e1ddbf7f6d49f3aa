import type { GatewayEvent } from '../../gateway/contract.ts'

/** One event of a text/event-stream: its name and its data lines put together. */
interface StreamEvent {
  event: string
  data: string
}

/** Takes text as it comes; returns the events that are whole by now. Bytes cut anywhere are put together again. */
export function createEventReader(): (text: string) => StreamEvent[] {
  let rest = ''
  return (text) => {
    const blocks = (rest + text).replaceAll('\r\n', '\n').split('\n\n')
    rest = blocks.pop() ?? ''
    return blocks.flatMap(readBlock)
  }
}

function readBlock(block: string): StreamEvent[] {
  let event = 'message'
  const data: string[] = []
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) event = line.slice(6).trim()
    else if (line.startsWith('data:')) data.push(line.slice(5).trimStart())
  }
  return data.length === 0 ? [] : [{ event, data: data.join('\n') }]
}

/** undefined: not one of ours. The gateway names it in the `event:` line and in the data, or in the line alone. */
export function readGatewayEvent({ event, data }: StreamEvent): GatewayEvent | undefined {
  try {
    const value: unknown = JSON.parse(data)
    const isWhole = typeof value === 'object' && value !== null && 'event' in value && 'data' in value
    return (isWhole ? value : { event, data: value }) as GatewayEvent
  } catch {
    return undefined
  }
}

/** Half a second, then twice as long each time, up to 15 seconds. */
export function reconnectDelayMs(failures: number): number {
  return Math.min(15_000, 500 * 2 ** failures)
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'

/**
 * A thread of its own, so that what the test does delays nothing here: an upstream that streams a chunk every ten
 * milliseconds, and a client that reads it through the gateway. Told `{ url, ms }`, it answers with StreamGaps.
 */

export interface StreamGaps {
  chunks: number
  /** Longest time between two chunks, milliseconds: as the client got them, and as the upstream wrote them. */
  largestMs: number
  upstreamMs: number
}

export interface StreamOrder {
  /** Of the gateway. */
  url: string
  /** How long the stream lasts. */
  ms: number
}

const everyMs = 10
let written: number[] = []
let lastsMs = 0

const upstream = createServer((request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  void streamTo((text) => response.write(text)).then(() => response.end())
})

async function streamTo(write: (text: string) => void): Promise<void> {
  const end = performance.now() + lastsMs
  for (let next = performance.now(); next < end; next += everyMs) {
    await wait(Math.max(0, next - performance.now()))
    written.push(performance.now())
    write(chunkWith({ delta: { content: 'word ' }, finish_reason: null }))
  }
  write(chunkWith({ delta: {}, finish_reason: 'stop' }))
  write('data: [DONE]\n\n')
}

function chunkWith(choice: object): string {
  const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o' }
  return `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, ...choice }] })}\n\n`
}

async function watch({ url, ms }: StreamOrder): Promise<StreamGaps> {
  written = []
  lastsMs = ms
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'watched/gpt-4o', stream: true, messages: [{ role: 'user', content: 'Hello' }] }),
  })
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}: ${await response.text()}`)
  const read: number[] = []
  let text = ''
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    read.push(performance.now())
    text += piece
  }
  const chunks = text.split('"word "').length - 1
  if (chunks !== written.length) throw new Error(`${written.length} chunks were written, and ${chunks} came`)
  return { chunks, largestMs: largestGap(read), upstreamMs: largestGap(written) }
}

function largestGap(times: readonly number[]): number {
  return Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] ?? time)))
}

function tell(message: object): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message)
}

upstream.listen(0, '127.0.0.1')
await once(upstream, 'listening')
tell({ port: (upstream.address() as AddressInfo).port })
parentPort?.on('message', (order: StreamOrder) => {
  watch(order).then(
    (gaps) => tell({ gaps }),
    (error: unknown) => tell({ error: String(error) }),
  )
})

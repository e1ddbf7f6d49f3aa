import { createServer } from 'node:net'

/**
 * An upstream that costs next to nothing: raw sockets, one prepared answer of about 1 KB. It reads requests only as far
 * as it must, by their content-length. Usage: node mock.ts PORT
 */
const content = 'The quick brown fox jumps over the lazy dog, said the model. '.repeat(9)
const body = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_795_417_200,
  model: 'gpt-4o-mini-2024-07-18',
  choices: [
    { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 219, completion_tokens: 104, total_tokens: 323, prompt_tokens_details: { cached_tokens: 0 } },
  service_tier: 'default',
})
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_bench\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
)
const headEnd = Buffer.from('\r\n\r\n')

createServer({ noDelay: true }, (socket) => {
  let rest: Buffer = Buffer.alloc(0)
  let skip = 0
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      if (skip > 0) {
        const eaten = Math.min(skip, bytes.length)
        skip -= eaten
        bytes = bytes.subarray(eaten)
        if (skip > 0) break
        socket.write(answer)
      }
      const end = bytes.indexOf(headEnd)
      if (end === -1) break
      const length = /content-length: ?(\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1]
      skip = Number(length ?? 0)
      bytes = bytes.subarray(end + headEnd.length)
      if (skip === 0) socket.write(answer)
    }
    rest = skip > 0 ? Buffer.alloc(0) : bytes
  })
}).listen(Number(process.argv[2]), '127.0.0.1')

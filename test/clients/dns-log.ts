import { createSocket } from 'node:dgram'

/** Answers every question "no such name" and writes down what was asked. */
export function startDnsLog(names: Set<string>): Promise<void> {
  const socket = createSocket('udp4')
  socket.on('message', (question, { address, port }) => {
    const { name, end } = readName(question)
    names.add(name)
    const reply = Buffer.from(question.subarray(0, end + 4))
    reply.writeUInt16BE(0x8183, 2)
    reply.writeUInt16BE(1, 4)
    reply.writeUInt16BE(0, 6)
    reply.writeUInt16BE(0, 8)
    reply.writeUInt16BE(0, 10)
    socket.send(reply, port, address)
  })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(53, nameServer, resolve)
  })
}

export const nameServer = '127.0.0.53'

/** Labels from byte 12 on, each with its length before it; `end` is the byte after the last. */
function readName(question: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.subarray(at + 1, at + 1 + length).toString('latin1'))
    at += length + 1
  }
  return { name: labels.join('.'), end: at + 1 }
}

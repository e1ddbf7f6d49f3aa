import { asArray, asObject, asString, parseJson } from '../chat/json.ts'
import { SseReader } from '../dialects/sse.ts'
import type { ReplyHead } from '../pipeline/call.ts'
import type { Sink } from '../pipeline/sink.ts'

export interface Piece {
  text: string
  reasoning: string
}

/** Reads a chat answer as it comes, as a client would; what is no piece of text is skipped. */
export function createPieceSink(onPiece: (piece: Piece) => void): Sink {
  let isGood = false
  let headSent = false
  const reader = new SseReader((_name, data) => {
    const piece = readPiece(data)
    if (piece !== undefined) onPiece(piece)
  })
  const take = (bytes: Uint8Array): void => {
    // An error's body: what it says is told better by what came of the call.
    if (isGood) reader.push(bytes)
  }
  return {
    head({ status }: ReplyHead) {
      headSent = true
      isGood = status < 400
    },
    write(bytes) {
      take(bytes)
      return true
    },
    onDrain: (resume) => resume(),
    end(bytes) {
      take(bytes)
      if (isGood) reader.end()
    },
    get headSent() {
      return headSent
    },
  }
}

/** One event of a chat stream. Providers say `reasoning_content` or `reasoning`; neither is in OpenAI's own format. */
export function readPiece(data: string): Piece | undefined {
  const choice = asObject(asArray(asObject(parseJson(data))?.['choices'])?.[0])
  const delta = asObject(choice?.['delta'])
  if (delta === undefined) return undefined
  const text = asString(delta['content']) ?? ''
  const reasoning = asString(delta['reasoning_content']) ?? asString(delta['reasoning']) ?? ''
  return text === '' && reasoning === '' ? undefined : { text, reasoning }
}

export interface Coalescer {
  add(piece: Piece): void
  /** What has not been told yet; nothing is told after that. */
  take(): Piece
}

/** Some models send hundreds of pieces a second, which no eye tells apart. */
export function createCoalescer(everyMs: number, tell: (piece: Piece) => void): Coalescer {
  let waiting: Piece = { text: '', reasoning: '' }
  let timer: NodeJS.Timeout | undefined
  const take = (): Piece => {
    clearTimeout(timer)
    timer = undefined
    const piece = waiting
    waiting = { text: '', reasoning: '' }
    return piece
  }
  return {
    take,
    add({ text, reasoning }) {
      waiting.text += text
      waiting.reasoning += reasoning
      timer ??= setTimeout(() => tell(take()), everyMs)
    },
  }
}

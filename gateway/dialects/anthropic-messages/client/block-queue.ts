import type { JsonObject } from '../../../chat/json.ts'

export type BlockKind = 'text' | 'thinking' | 'tool'

interface Block {
  kind: BlockKind
  /** `content_block` of its start event. */
  content: JsonObject
  /** The wire's number; undefined until its start is sent. */
  index: number | undefined
  /** JSON of deltas that are not sent. */
  deltas: string[]
  /** It has content, so it will be sent. */
  isOpen: boolean
  isEnded: boolean
  /** A whole block that goes beside this one. */
  signature: JsonObject | undefined
}

/**
 * One block after the other, as Messages streams have them, out of blocks that may be open together (parallel calls):
 * the first is sent as it comes, the others wait for its end. Blocks without content are left out, since Anthropic
 * refuses them when they come back. Text stays open until the next block comes: its sources are told after it.
 */
export class BlockQueue {
  readonly #blocks = new Map<number, Block>()
  readonly #queue: Block[] = []
  #nextIndex = 0
  #isOver = false

  /** `key` names the block in the other methods, until it ends. */
  add(key: number, kind: BlockKind, content: JsonObject): void {
    const block: Block = {
      kind,
      content,
      index: undefined,
      deltas: [],
      isOpen: false,
      isEnded: false,
      signature: undefined,
    }
    this.#blocks.set(key, block)
    this.#queue.push(block)
  }

  /** Whether the block with this key is the newest, and may be extended. */
  isLast(key: number): boolean {
    const block = this.#blocks.get(key)
    return block !== undefined && !block.isEnded && block === this.#queue.at(-1)
  }

  /** Whether the block has content. */
  isOpen(key: number): boolean {
    return this.#blocks.get(key)?.isOpen === true
  }

  open(key: number): void {
    const block = this.#blocks.get(key)
    if (block !== undefined) block.isOpen = true
  }

  /** `delta` is JSON text. */
  extend(key: number, delta: string): void {
    const block = this.#blocks.get(key)
    if (block === undefined) return
    block.isOpen = true
    block.deltas.push(delta)
  }

  /** A block that has everything in its start. */
  replace(key: number, content: JsonObject): void {
    const block = this.#blocks.get(key)
    if (block === undefined) return
    block.content = content
    block.isOpen = true
  }

  /** `signature` is a whole block, which goes in front of this one where that has not begun, else behind. */
  sign(key: number, signature: JsonObject): void {
    const block = this.#blocks.get(key)
    if (block !== undefined) block.signature = signature
  }

  /** A delta for the newest text; dropped where another block has followed it. */
  cite(delta: JsonObject): void {
    const last = this.#queue.at(-1)
    if (last?.kind === 'text' && last.isOpen) last.deltas.push(JSON.stringify(delta))
  }

  end(key: number): void {
    const block = this.#blocks.get(key)
    if (block !== undefined) block.isEnded = true
    this.#blocks.delete(key)
  }

  endAll(): void {
    this.#isOver = true
    for (const block of this.#queue) block.isEnded = true
    this.#blocks.clear()
  }

  /** SSE text of all that can be sent by now. */
  take(): string {
    let text = ''
    for (let block = this.#queue[0]; block !== undefined; block = this.#queue[0]) {
      text += this.#send(block)
      if (!block.isEnded || (block.kind === 'text' && this.#queue.length === 1 && !this.#isOver)) break
      text += this.#stop(block)
      this.#queue.shift()
    }
    return text
  }

  #send(block: Block): string {
    if (!block.isOpen || (block.index === undefined && isHeld(block))) return ''
    let text = block.index === undefined ? this.#start(block) : ''
    for (const delta of block.deltas) text += deltaEvent(block.index ?? 0, delta)
    block.deltas.length = 0
    return text
  }

  #start(block: Block): string {
    const signature = this.#signature(block)
    block.index = this.#nextIndex++
    return signature + startEvent(block.index, block.content)
  }

  #stop(block: Block): string {
    if (block.index === undefined) return ''
    return stopEvent(block.index) + this.#signature(block)
  }

  #signature(block: Block): string {
    if (block.signature === undefined) return ''
    const index = this.#nextIndex++
    const content = block.signature
    block.signature = undefined
    return startEvent(index, content) + stopEvent(index)
  }
}

/** Gemini tells a call at once, its signature last: held this long, the signature still goes in front. */
function isHeld({ kind, deltas, isEnded }: Block): boolean {
  return kind === 'tool' && !isEnded && deltas.length < 2
}

function startEvent(index: number, content: JsonObject): string {
  const data = JSON.stringify({ type: 'content_block_start', index, content_block: content })
  return `event: content_block_start\ndata: ${data}\n\n`
}

/** The hot path: `delta` is JSON text, so no line break can be in it. */
function deltaEvent(index: number, delta: string): string {
  return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":${delta}}\n\n`
}

function stopEvent(index: number): string {
  return `event: content_block_stop\ndata: {"type":"content_block_stop","index":${index}}\n\n`
}

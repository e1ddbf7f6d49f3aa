import type { Emit } from './event.ts'
import type { Json } from './json.ts'

interface OpenBlock {
  kind: 'text' | 'reasoning' | 'tool'
  block: number
  choice: number
  signature?: string | undefined
  redacted?: string | undefined
}

/**
 * Opens, extends and closes blocks for a decoder, so that "end the reasoning before the text starts" is written once.
 * A decoder names a tool call by the provider's own key (index, id); text and reasoning need none: a choice has
 * at most one of each open, and starting one closes the other. Tool calls stay open together (they may interleave).
 */
export class Parts {
  readonly #emit: Emit
  readonly #open = new Map<string, OpenBlock>()
  readonly #sawTool = new Set<number>()
  #next = 0

  constructor(emit: Emit) {
    this.#emit = emit
  }

  text(choice: number, text: string, logprobs?: Json): void {
    if (text === '' && logprobs === undefined) return
    const { block } = this.#prose('text', choice)
    this.#emit(
      logprobs === undefined
        ? { type: 'text-delta', block, choice, text }
        : { type: 'text-delta', block, choice, text, logprobs },
    )
  }

  reasoning(choice: number, text: string): void {
    if (text === '') return
    const { block } = this.#prose('reasoning', choice)
    this.#emit({ type: 'reasoning-delta', block, choice, text })
  }

  /** Signs the open reasoning block (opening an empty one if needed); the signature is told when the block ends. */
  sign(choice: number, signature: string): void {
    this.#prose('reasoning', choice).signature = signature
  }

  /** A block of encrypted reasoning: opened and closed at once. */
  redacted(choice: number, data: string): void {
    this.endProse(choice)
    this.#prose('reasoning', choice).redacted = data
    this.endProse(choice)
  }

  /** Opens a tool call. `key` is how the decoder will name it again. A second start under a live key closes the first. */
  toolStart(
    choice: number,
    key: string | number,
    call: { id: string; name: string; signature?: string | undefined },
  ): void {
    this.endProse(choice)
    this.toolEnd(choice, key)
    const block = this.#next++
    this.#open.set(toolKey(choice, key), { kind: 'tool', block, choice, signature: call.signature })
    this.#sawTool.add(choice)
    const { id, name, signature } = call
    this.#emit({ type: 'tool-start', block, choice, id, name, ...(signature === undefined ? {} : { signature }) })
  }

  toolDelta(choice: number, key: string | number, text: string): void {
    const open = this.#open.get(toolKey(choice, key))
    if (open === undefined || text === '') return
    this.#emit({ type: 'tool-delta', block: open.block, choice, arguments: text })
  }

  /** Signs an open tool call; the signature is told when the call ends. */
  toolSign(choice: number, key: string | number, signature: string): void {
    const open = this.#open.get(toolKey(choice, key))
    if (open !== undefined) open.signature = signature
  }

  toolIsOpen(choice: number, key: string | number): boolean {
    return this.#open.has(toolKey(choice, key))
  }

  toolEnd(choice: number, key: string | number): void {
    const name = toolKey(choice, key)
    const open = this.#open.get(name)
    if (open !== undefined) this.#close(name, open)
  }

  /** Closes the choice's open text and reasoning. */
  endProse(choice: number): void {
    for (const kind of ['text', 'reasoning'] as const) {
      const name = proseKey(kind, choice)
      const open = this.#open.get(name)
      if (open !== undefined) this.#close(name, open)
    }
  }

  /** Closes everything of one choice, or everything. */
  end(choice?: number): void {
    for (const [name, open] of this.#open) {
      if (choice === undefined || open.choice === choice) this.#close(name, open)
    }
  }

  /** Whether the choice has called a tool so far (Gemini and some OpenAI-like servers finish such answers with "stop"). */
  sawTool(choice: number): boolean {
    return this.#sawTool.has(choice)
  }

  #prose(kind: 'text' | 'reasoning', choice: number): OpenBlock {
    const name = proseKey(kind, choice)
    const open = this.#open.get(name)
    if (open !== undefined) return open
    this.endProse(choice)
    const block = this.#next++
    const opened: OpenBlock = { kind, block, choice }
    this.#open.set(name, opened)
    this.#emit({ type: `${kind}-start`, block, choice })
    return opened
  }

  #close(name: string, open: OpenBlock): void {
    this.#open.delete(name)
    const { block, choice } = open
    if (open.kind === 'text') return this.#emit({ type: 'text-end', block, choice })
    const signature = open.signature === undefined ? {} : { signature: open.signature }
    if (open.kind === 'tool') return this.#emit({ type: 'tool-end', block, choice, ...signature })
    const redacted = open.redacted === undefined ? {} : { redacted: open.redacted }
    this.#emit({ type: 'reasoning-end', block, choice, ...signature, ...redacted })
  }
}

function proseKey(kind: 'text' | 'reasoning', choice: number): string {
  return choice === 0 ? kind : `${kind}/${choice}`
}

function toolKey(choice: number, key: string | number): string {
  return `tool/${choice}/${key}`
}

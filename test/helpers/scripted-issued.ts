import { createHash } from 'node:crypto'
import { refuse } from './scripted-refusal.ts'

/**
 * What one upstream has handed out and wants back byte-exact: signatures of thinking, encrypted thinking, thought
 * signatures. They hold every character of base64, so that none gets lost on a way through URLs or JSON.
 */
export class Issued {
  /** Signature -> what it signs. */
  readonly #signed = new Map<string, string>()
  /** Ids of items that were issued right after a reasoning item. */
  readonly #bound = new Set<string>()
  #count = 0

  /** A new signature over `content`. */
  sign(content: string): string {
    this.#count += 1
    const hash = createHash('sha512').update(`${this.#count}:${content}`).digest('base64')
    const signature = `EuYB+/${hash}`
    this.#signed.set(signature, content)
    return signature
  }

  /** Refuses what was never issued, or for other content. */
  check(signature: string, content: string | undefined, at: string): string {
    const signed = this.#signed.get(signature)
    if (signed === undefined) return refuse(`${at} was never issued here: ${signature.slice(0, 40)}`)
    if (content !== undefined && content !== signed) refuse(`${at} signs other content than "${content}"`)
    return signature
  }

  id(prefix: string): string {
    this.#count += 1
    return `${prefix}${String(this.#count).padStart(24, '0')}`
  }

  bind(id: string): void {
    this.#bound.add(id)
  }

  isBound(id: string): boolean {
    return this.#bound.has(id)
  }

  clear(): void {
    this.#signed.clear()
    this.#bound.clear()
  }
}

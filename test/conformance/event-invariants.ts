import type { ChatEvent } from '../../gateway/chat/event.ts'
import { parseJson } from '../../gateway/chat/json.ts'
import { mergeUsage, type Usage } from '../../gateway/chat/usage.ts'

type Kind = 'text' | 'reasoning' | 'tool'
type BlockEvent = Extract<ChatEvent, { block: number }>

interface Block {
  kind: Kind
  choice: number
  open: boolean
  arguments: string
}

/**
 * What is wrong with a stream of canonical events, in words; empty = nothing. Checks the rules stated in
 * gateway/chat/event.ts: order, blocks numbered, opened, extended and closed, one finish per choice, sane usage.
 */
export function checkEvents(events: ChatEvent[]): string[] {
  const checker = new Checker()
  for (const event of events) checker.see(event)
  return checker.finish()
}

class Checker {
  readonly #problems: string[] = []
  readonly #blocks = new Map<number, Block>()
  readonly #finished = new Map<number, string>()
  readonly #choices = new Set<number>()
  #position = -1
  #started = false
  #failed = false
  #usage: Usage | undefined

  see(event: ChatEvent): void {
    this.#position += 1
    if (this.#position === 0 && event.type !== 'start' && event.type !== 'error') this.#say(`begins with ${event.type}`)
    if (this.#failed && event.type !== 'usage' && !event.type.endsWith('-end')) this.#say(`${event.type} after error`)
    if ('choice' in event) this.#seeChoice(event.choice, event.type)
    if ('block' in event) this.#seeBlock(event)
    if (event.type === 'start') this.#seeStart()
    if (event.type === 'usage') this.#usage = mergeUsage(this.#usage, event.usage)
    if (event.type === 'error') this.#seeError(event)
    if (event.type === 'finish') this.#seeFinish(event)
  }

  finish(): string[] {
    for (const [index, block] of this.#blocks) if (block.open) this.#say(`block ${index} is never closed`)
    if (!this.#failed && this.#finished.size === 0) this.#say('neither finish nor error')
    for (const choice of this.#choices)
      if (!this.#failed && !this.#finished.has(choice)) this.#say(`choice ${choice} never finishes`)
    for (const block of this.#blocks.values()) this.#checkArguments(block)
    if (this.#usage !== undefined) this.#problems.push(...checkUsage(this.#usage))
    return this.#problems
  }

  #say(problem: string): void {
    this.#problems.push(`event ${this.#position}: ${problem}`)
  }

  #seeStart(): void {
    if (this.#started) this.#say('second start')
    this.#started = true
  }

  #seeError(event: Extract<ChatEvent, { type: 'error' }>): void {
    if (this.#failed) this.#say('second error')
    this.#failed = true
    if (event.error.message === '') this.#say('error without message')
    if (event.error.status < 400 || event.error.status > 599) this.#say(`error status ${event.error.status}`)
  }

  #seeChoice(choice: number, type: string): void {
    this.#choices.add(choice)
    if (this.#finished.has(choice)) this.#say(`${type} after finish of choice ${choice}`)
  }

  #seeFinish(event: Extract<ChatEvent, { type: 'finish' }>): void {
    this.#finished.set(event.choice, event.reason.unified)
    for (const [index, block] of this.#blocks)
      if (block.open && block.choice === event.choice) this.#say(`block ${index} is open at finish`)
  }

  #seeBlock(event: BlockEvent): void {
    const [kind, step] = event.type.split('-') as [Kind, 'start' | 'delta' | 'end']
    if (step === 'start') return this.#open(event, kind)
    const block = this.#blocks.get(event.block)
    if (block === undefined || !block.open) return this.#say(`${event.type} of block ${event.block}, which is not open`)
    if (block.kind !== kind) this.#say(`${event.type} of block ${event.block}, which is ${block.kind}`)
    if (block.choice !== event.choice) this.#say(`${event.type} of block ${event.block} moved to another choice`)
    if (event.type === 'tool-delta') block.arguments += event.arguments
    if (step === 'end') block.open = false
  }

  #open(event: BlockEvent, kind: Kind): void {
    const { block, choice } = event
    if (block !== this.#blocks.size) this.#say(`block ${block} opened, ${this.#blocks.size} was due`)
    // Prose never interleaves; only tool calls may be open side by side.
    const clash = [...this.#blocks.values()].find(
      (other) => other.open && other.choice === choice && other.kind !== 'tool',
    )
    if (clash !== undefined) this.#say(`${kind} opened while ${clash.kind} is open`)
    if (event.type === 'tool-start' && (event.id === '' || event.name === '')) this.#say('tool call without id or name')
    this.#blocks.set(block, { kind, choice, open: true, arguments: '' })
  }

  #checkArguments({ kind, choice, arguments: text }: Block): void {
    // Cut-off answers (length, error, a filter) may end inside the arguments.
    if (kind !== 'tool' || this.#finished.get(choice) !== 'tool-calls') return
    if (text !== '' && parseJson(text) === undefined) this.#problems.push(`tool arguments are not JSON: ${text}`)
  }
}

/** `wholes`: a member that counts part of another may not exceed it. */
const wholes = [
  ['cacheRead', 'input'],
  ['cacheWrite', 'input'],
  ['cacheWrite1h', 'cacheWrite'],
  ['inputAudio', 'input'],
  ['reasoning', 'output'],
  ['outputAudio', 'output'],
] as const

function checkUsage(usage: Usage): string[] {
  const problems: string[] = []
  for (const [name, value] of Object.entries(usage))
    if (typeof value === 'number' && !(Number.isInteger(value) && value >= 0))
      problems.push(`usage.${name} is ${value}, not a count`)
  for (const [part, whole] of wholes) {
    const [partCount, wholeCount] = [usage[part], usage[whole]]
    if (partCount !== undefined && wholeCount !== undefined && partCount > wholeCount)
      problems.push(`usage.${part} ${partCount} exceeds usage.${whole} ${wholeCount}`)
  }
  return problems
}

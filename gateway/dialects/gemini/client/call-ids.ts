interface OpenCall {
  id: string
  name: string
  isAnswered: boolean
}

/** Calls in their order, of which some are answered. */
class Waiting {
  readonly #calls: OpenCall[] = []
  #next = 0

  add(call: OpenCall): void {
    this.#calls.push(call)
  }

  /** The first that nobody answered. */
  first(): OpenCall | undefined {
    while (this.#calls[this.#next]?.isAnswered === true) this.#next += 1
    return this.#calls[this.#next]
  }
}

/**
 * Pairs calls and results, for which ids are optional here. A call without one is named by its position, which stays the
 * same as the conversation grows; a result without one answers the first open call of its name.
 */
export class CallIds {
  #open = new Waiting()
  readonly #byId = new Map<string, Waiting>()
  readonly #byName = new Map<string, Waiting>()
  #calls = 0

  /** The calls of a new turn; those that nobody answered are closed. */
  begin(): void {
    this.#open = new Waiting()
    this.#byId.clear()
    this.#byName.clear()
  }

  call(id: string | undefined, name: string): string {
    const known = id === undefined || id === '' ? `call_${this.#calls}` : id
    this.#calls += 1
    const call: OpenCall = { id: known, name, isAnswered: false }
    this.#open.add(call)
    waitingFor(this.#byId, known).add(call)
    waitingFor(this.#byName, name).add(call)
    return known
  }

  /** `name`: undefined where the result does not tell its function. */
  result(id: string | undefined, name: string | undefined): { id: string; name: string } {
    const found = this.#find(id, name)
    if (found === undefined)
      return { id: id === undefined || id === '' ? `call_${this.#calls++}` : id, name: name ?? '' }
    found.isAnswered = true
    return found
  }

  #find(id = '', name = ''): OpenCall | undefined {
    const named = this.#byId.get(id)?.first() ?? this.#byName.get(name)?.first()
    // A result of another name, or of none, can only be meant for what is still open.
    return named ?? this.#open.first()
  }
}

function waitingFor(waiting: Map<string, Waiting>, key: string): Waiting {
  const known = waiting.get(key) ?? new Waiting()
  waiting.set(key, known)
  return known
}

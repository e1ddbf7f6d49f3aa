interface OpenCall {
  id: string
  name: string
}

/**
 * Pairs calls and results, for which ids are optional here. A call without one is named by its position, which stays the
 * same as the conversation grows; a result without one answers the first open call of its name.
 */
export class CallIds {
  #open: OpenCall[] = []
  #calls = 0

  /** The calls of a new turn; those that nobody answered are closed. */
  begin(): void {
    this.#open = []
  }

  call(id: string | undefined, name: string): string {
    const known = id === undefined || id === '' ? `call_${this.#calls}` : id
    this.#calls += 1
    this.#open.push({ id: known, name })
    return known
  }

  /** `name`: undefined where the result does not tell its function. */
  result(id: string | undefined, name: string | undefined): OpenCall {
    const index = this.#find(id, name)
    const [found] = index === -1 ? [] : this.#open.splice(index, 1)
    if (found !== undefined) return found
    return { id: id === undefined || id === '' ? `call_${this.#calls++}` : id, name: name ?? '' }
  }

  #find(id: string | undefined, name: string | undefined): number {
    const byId = this.#open.findIndex((call) => call.id === id)
    if (byId !== -1) return byId
    const byName = this.#open.findIndex((call) => call.name === name)
    // A result of another name, or of none, can only be meant for what is still open.
    return byName === -1 && this.#open.length > 0 ? 0 : byName
  }
}

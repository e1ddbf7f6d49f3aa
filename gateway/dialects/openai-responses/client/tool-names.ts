type Named = readonly [name: string, namespace: string | undefined]

/** What most providers take as the name of a function. */
const longestName = 64

/**
 * The client's tools by names that are unique without their namespaces: the tool's own name where no other has it,
 * else `namespace__tool`.
 */
export class ToolNames {
  readonly #canonical = new Map<string, string>()
  readonly #taken = new Set<string>()
  /** Per name without a number: the first number that may be free. */
  readonly #numbers = new Map<string, number>()

  constructor(tools: readonly Named[]) {
    // Tools without a namespace first: they keep their name, whatever else is called so.
    for (const [name] of tools.filter(([, namespace]) => namespace === undefined)) this.#add([name, undefined], name)
    const counts = new Map<string, number>()
    for (const [name] of tools) counts.set(name, (counts.get(name) ?? 0) + 1)
    for (const [name, namespace] of tools) {
      if (namespace === undefined) continue
      const isUnique = counts.get(name) === 1 && !this.#taken.has(name)
      this.#add([name, namespace], isUnique ? name : this.#free(`${namespace}__${name}`))
    }
  }

  /** The name of a tool, or of what is no longer offered. */
  canonical(name: string, namespace?: string): string {
    return this.#canonical.get(keyOf([name, namespace])) ?? name
  }

  #add(tool: Named, canonical: string): void {
    this.#canonical.set(keyOf(tool), canonical)
    this.#taken.add(canonical)
  }

  #free(wanted: string): string {
    const name = wanted.replaceAll(/[^\w-]/g, '_').slice(0, longestName)
    if (!this.#taken.has(name)) return name
    for (let number = this.#numbers.get(name) ?? 2; ; number += 1) {
      const ending = `_${number}`
      const free = name.slice(0, longestName - ending.length) + ending
      if (this.#taken.has(free)) continue
      this.#numbers.set(name, number + 1)
      return free
    }
  }
}

function keyOf(tool: Named): string {
  return JSON.stringify([tool[0], tool[1] ?? null])
}

/** Status and headers of every reply that libraries got, which few of them show. All of them use the global `fetch`. */
export class HttpReplies {
  readonly all: Pick<Response, 'status' | 'headers'>[] = []
  readonly #fetch = globalThis.fetch

  start(): void {
    globalThis.fetch = async (input, init) => {
      const reply = await this.#fetch(input, init)
      this.all.push({ status: reply.status, headers: reply.headers })
      return reply
    }
  }

  stop(): void {
    globalThis.fetch = this.#fetch
  }

  reset(): void {
    this.all.length = 0
  }

  /** What the gateway warned of, reply by reply. */
  get warnings(): string[] {
    return this.all.flatMap(({ headers }) => headers.get('x-gateway-warnings') ?? [])
  }
}

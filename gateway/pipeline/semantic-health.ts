/** How the embeddings of questions go, across configurations. */
export interface EmbeddingHealth {
  /** false: it failed several times in a row, and calls do not wait for it for a while. */
  mayAsk(): boolean
  worked(): void
  failed(problem: string): void
  /** Why there is no vector at present, for people; undefined: there is, or nobody asked yet. */
  problem(): string | undefined
}

export interface EmbeddingHealthPorts {
  nowMs: () => number
  onFailed: () => void
  /** Once for each change; undefined: it works (again). */
  onChange: (problem: string | undefined) => void
}

const failuresToRest = 3
const restMs = 30_000

/** A provider that is down, or too slow, must not cost every call its timeout. */
export function createEmbeddingHealth({ nowMs, onFailed, onChange }: EmbeddingHealthPorts): EmbeddingHealth {
  let problem: string | undefined
  let failures = 0
  let restsUntilMs = -Infinity
  return {
    mayAsk() {
      if (failures < failuresToRest) return true
      if (nowMs() < restsUntilMs) return false
      // One finds out; the others go on without.
      restsUntilMs = nowMs() + restMs
      return true
    },
    worked() {
      failures = 0
      if (problem === undefined) return
      problem = undefined
      onChange(undefined)
    },
    failed(text) {
      failures += 1
      restsUntilMs = nowMs() + restMs
      onFailed()
      const isNews = problem === undefined
      problem = text
      if (isNews) onChange(text)
    },
    problem: () => problem,
  }
}

import { createHash } from 'node:crypto'
import type { RedisClient } from './redis-client.ts'
import { RedisSilent } from './redis-problem.ts'

/** The way to a Redis that may be slow or gone at any time, and must not be waited for. */
export interface RedisLink {
  /**
   * Rejects at once while Redis is away, and after the deadline. The caller then does with what it has here. The reply
   * has buffers for texts.
   */
  run(script: RedisScript, call: ScriptCall): Promise<unknown>
  /** What is wrong, for people; undefined: it answers. */
  problem(): string | undefined
  /** Told each time Redis answers again after it did not. */
  onHealed(listener: () => void): void
  close(): void
}

/** One decision: Redis does nothing else while it runs. */
export interface RedisScript {
  lua: string
  sha: string
}

export interface ScriptCall {
  keys: readonly string[]
  args: readonly (string | number | Uint8Array)[]
  /** Absent: `answerMs`. */
  deadlineMs?: number
  /** Gets a reply that came after the deadline: what was asked for has been done all the same. */
  onLate?: (reply: unknown) => void
}

/** Longest that a call waits for Redis. Then this process decides by itself, and Redis is away until it answers again. */
export const answerMs = 50
/** Longest that the start waits for the first answer. */
const firstAnswerMs = 500
/** How long Redis stays away at least, doubled for each time that it came back only to fail again. */
const awayBaseMs = 250
const awayCapMs = 5000
/** Who stays so long is well again. */
const steadyMs = 10_000

export function redisScript(lua: string): RedisScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') }
}

export interface RedisLinkPorts {
  connect: (events: { onReady: () => void; onClosed: (error: unknown) => void }) => Promise<RedisClient>
  /** A key to write when asking whether it is well: what is full or read-only would answer a ping. */
  probeKey: string
  describe: (error: unknown) => string
  /** Once for each change. `problem` undefined: it answers (again). */
  onChange: (problem: string | undefined) => void
  nowMs: () => number
  /** In place of `answerMs`. */
  answerMs?: number
}

/** Resolves when the first answer is there, or it is clear that it will not be soon. */
export async function openRedisLink(ports: RedisLinkPorts): Promise<RedisLink> {
  const link = new Link(ports)
  await link.open()
  return link
}

class Link implements RedisLink {
  readonly #ports: RedisLinkPorts
  readonly #answerMs: number
  readonly #listeners: (() => void)[] = []
  #client: RedisClient | undefined
  #state: 'starting' | 'up' | 'away' | 'closed' = 'starting'
  #problem: string | undefined
  #isProbing = false
  #nextProbe: NodeJS.Timeout | undefined
  #upSinceMs = -Infinity
  /** What Redis has been sent since it came back, so that many first calls at once need not each be told to say it again. */
  readonly #known = new Set<string>()
  /** How often it failed soon after it had come back. */
  #relapses = 0
  readonly #started = Promise.withResolvers<void>()

  constructor(ports: RedisLinkPorts) {
    this.#ports = ports
    this.#answerMs = ports.answerMs ?? answerMs
  }

  async open(): Promise<void> {
    this.#client = await this.#ports.connect({
      onReady: () => void this.#probe(),
      onClosed: (error) => this.#fall(error),
    })
    // It may have been ready before it was here.
    void this.#probe()
    const timer = setTimeout(() => this.#fall(silence(firstAnswerMs)), firstAnswerMs)
    await this.#started.promise
    clearTimeout(timer)
  }

  async run(script: RedisScript, { keys, args, deadlineMs = this.#answerMs, onLate }: ScriptCall): Promise<unknown> {
    if (this.#state !== 'up') throw new RedisSilent('is away')
    const sent = this.#evaluate(script, [keys.length, ...keys, ...args])
    try {
      const answer = await inTime(sent, deadlineMs)
      if (answer !== undefined) return answer.value
    } catch (error) {
      this.#fall(error)
      throw error
    }
    if (onLate !== undefined) sent.then(onLate, ignore)
    const late = silence(deadlineMs)
    this.#fall(late)
    throw late
  }

  problem(): string | undefined {
    return this.#problem
  }

  onHealed(listener: () => void): void {
    this.#listeners.push(listener)
  }

  close(): void {
    this.#state = 'closed'
    clearTimeout(this.#nextProbe)
    this.#client?.close()
  }

  async #evaluate({ sha, lua }: RedisScript, args: (string | number | Uint8Array)[]): Promise<unknown> {
    const client = this.#client
    if (client === undefined) throw new RedisSilent('is not connected')
    try {
      if (this.#known.has(sha)) return await client.send('evalsha', [sha, ...args])
    } catch (error) {
      // Another node of the cluster, which has not seen it yet.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    }
    const answer = await client.send('eval', [lua, ...args])
    this.#known.add(sha)
    return answer
  }

  /** Only one at a time, and it waits for its answer to the end: what is frozen gets no heap of questions. */
  async #probe(): Promise<void> {
    const client = this.#client
    if (this.#isProbing || this.#state === 'up' || this.#state === 'closed' || client?.isReady() !== true) return
    this.#isProbing = true
    try {
      const sent = client.send('set', [this.#ports.probeKey, '1', 'px', 1000])
      if ((await inTime(sent, this.#answerMs)) !== undefined) this.#heal()
      else await sent
    } catch (error) {
      this.#fall(error)
    }
    this.#isProbing = false
    if (this.#isAway()) this.#probeSoon()
  }

  #isAway(): boolean {
    return this.#state === 'away' || this.#state === 'starting'
  }

  #probeSoon(): void {
    clearTimeout(this.#nextProbe)
    const delayMs = Math.min(awayCapMs, awayBaseMs * 2 ** this.#relapses)
    this.#nextProbe = setTimeout(() => void this.#probe(), delayMs).unref()
  }

  #heal(): void {
    if (!this.#isAway()) return
    const isFirst = this.#state === 'starting'
    this.#state = 'up'
    this.#problem = undefined
    // It forgets scripts when it starts anew.
    this.#known.clear()
    this.#upSinceMs = this.#ports.nowMs()
    this.#started.resolve()
    this.#ports.onChange(undefined)
    if (!isFirst) for (const listener of this.#listeners) listener()
  }

  #fall(error: unknown): void {
    if (this.#state === 'closed') return
    const isNews = this.#state !== 'away'
    if (this.#state === 'up') {
      this.#relapses = this.#ports.nowMs() - this.#upSinceMs < steadyMs ? this.#relapses + 1 : 0
    }
    this.#state = 'away'
    this.#started.resolve()
    if (!isNews) return
    this.#problem = this.#ports.describe(error)
    this.#ports.onChange(this.#problem)
    if (!this.#isProbing) this.#probeSoon()
  }
}

function silence(ms: number): RedisSilent {
  return new RedisSilent(`gave no answer within ${ms} ms`)
}

function ignore(): void {}

/**
 * The answer, or undefined when it is not there in time. When the time is over, what lies in the socket is read first:
 * a process that was busy itself must not take that for a slow Redis.
 */
function inTime(sent: Promise<unknown>, deadlineMs: number): Promise<{ value: unknown } | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(resolve, undefined), deadlineMs)
    sent.then(
      (value) => {
        clearTimeout(timer)
        resolve({ value })
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}

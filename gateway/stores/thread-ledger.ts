import type { AttemptRow, Ledger, UsageQuery, UsageReport } from './ledger.ts'
import type { LedgerAnswer, LedgerOrder } from './ledger-message.ts'
import { packRow } from './ledger-row.ts'
import type { Value } from './open-database.ts'

/** What is used of a Worker. */
export interface Thread {
  postMessage(order: LedgerOrder): void
  on(event: 'message', listener: (answer: LedgerAnswer) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'exit', listener: (code: number) => void): unknown
}

interface Batch extends PromiseWithResolvers<void> {
  values: Value[]
}

type Question = PromiseWithResolvers<unknown>

/**
 * The gateway's side of the ledger's thread. Rows that come while a commit is on its way make the next batch, which
 * leaves as soon as that commit is acknowledged: the busier the gateway, the larger the batches.
 */
export class ThreadLedger implements Ledger {
  /** Resolves when the file is open. Rejects with what is wrong with it; then every append rejects with the same. */
  readonly ready: Promise<void>
  /** Resolves when the thread is gone. */
  readonly ended: Promise<void>
  readonly #opened = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<void>()
  readonly #thread: Thread
  readonly #underWay: Batch[] = []
  readonly #questions = new Map<number, Question>()
  #batch: Batch | undefined
  #scheduled = false
  #nextId = 1
  /** Why nothing more can be asked of it. */
  #stopped: Error | undefined

  constructor(thread: Thread) {
    this.#thread = thread
    this.ready = this.#opened.promise
    this.ended = this.#ended.promise
    // Whoever awaits `ready` still sees it reject; nobody has to.
    this.ready.catch(() => undefined)
    thread.on('message', (answer: LedgerAnswer) => this.#hear(answer))
    thread.on('error', (error: Error) => this.#stop(deathNotice(error.message), error))
    thread.on('exit', (code) => {
      this.#stop(deathNotice(`exit code ${code}`))
      this.#ended.resolve()
    })
  }

  append(rows: AttemptRow[]): Promise<void> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped)
    this.#batch ??= { values: [], ...Promise.withResolvers<void>() }
    for (const row of rows) packRow(row, this.#batch.values)
    this.#schedule()
    return this.#batch.promise
  }

  usage(query: UsageQuery): Promise<UsageReport> {
    return this.#ask((id) => ({ kind: 'usage', id, query })) as Promise<UsageReport>
  }

  prune(before: number): Promise<number> {
    return this.#ask((id) => ({ kind: 'prune', id, before })) as Promise<number>
  }

  close(): Promise<void> {
    if (this.#stopped === undefined) {
      this.#post()
      this.#send({ kind: 'close' })
      this.#stopped = new Error('the ledger is closed')
    }
    return this.ended
  }

  /** After the sockets of this turn of the event loop have been read, so that calls which end together share a commit. */
  #schedule(): void {
    if (this.#scheduled || this.#underWay.length > 0) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      if (this.#underWay.length === 0) this.#post()
    })
  }

  #post(): void {
    const batch = this.#batch
    if (batch === undefined || this.#stopped !== undefined) return
    this.#batch = undefined
    this.#underWay.push(batch)
    this.#send({ kind: 'append', values: batch.values })
  }

  /** Rows that wait go first: an answer tells of everything appended before the question. */
  #ask(order: (id: number) => LedgerOrder): Promise<unknown> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped)
    this.#post()
    const id = this.#nextId++
    const question = Promise.withResolvers<unknown>()
    this.#questions.set(id, question)
    this.#send(order(id))
    return question.promise
  }

  #send(order: LedgerOrder): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#thread.postMessage(order)
  }

  #hear(answer: LedgerAnswer): void {
    switch (answer.kind) {
      case 'committed':
        this.#underWay.shift()?.resolve()
        return this.#post()
      case 'failed':
        this.#underWay.shift()?.reject(new Error(answer.message))
        return this.#post()
      case 'answer':
        return this.#take(answer.id)?.resolve(answer.value)
      case 'refused':
        return this.#take(answer.id)?.reject(new Error(answer.message))
      case 'unusable':
        return this.#stop(answer.message)
      case 'ready':
        return this.#opened.resolve()
    }
  }

  #take(id: number): Question | undefined {
    const question = this.#questions.get(id)
    this.#questions.delete(id)
    return question
  }

  /** Nothing more will be answered. After a close in good order nothing waits, and this does nothing. */
  #stop(message: string, cause?: Error): void {
    const error = new Error(message, cause === undefined ? undefined : { cause })
    this.#stopped ??= error
    this.#opened.reject(this.#stopped)
    if (this.#batch !== undefined) this.#underWay.push(this.#batch)
    this.#batch = undefined
    for (const batch of this.#underWay.splice(0)) batch.reject(error)
    for (const question of this.#questions.values()) question.reject(this.#stopped)
    this.#questions.clear()
  }
}

function deathNotice(reason: string): string {
  return `the ledger's thread ended (${reason}): calls cannot be recorded any more, restart the gateway`
}

import type { Journal } from './journal.ts'
import type { AttemptRow, Ledger, UsageQuery, UsageReport } from './ledger.ts'
import type { JournaledRows, LedgerAnswer, LedgerOrder } from './ledger-message.ts'
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

/** Not known to be committed. */
interface Sealed extends JournaledRows {
  /** Who is told of the commit: nobody any more once the journal has it, and the rows themselves can go. */
  waiting: PromiseWithResolvers<void> | undefined
}

export interface ThreadLedgerOptions {
  /** Without one, an append resolves when it is committed. */
  journal?: Journal | undefined
  /** Told once when the database cannot be written, and once when rows are given up. */
  warn?: ((message: string) => void) | undefined
}

const retryMs = 1000
/** What is journaled can wait for company: one commit of many rows costs a third of many commits. */
const gatherMs = 100
/** Characters that may wait for a database that cannot be written. */
const backlogLimit = 64 * 1024 * 1024

type Question = PromiseWithResolvers<unknown>

/**
 * The gateway's side of the ledger's thread. What one turn of the event loop brings goes into the journal with one
 * write, and then the answers that wait for it may leave; the thread commits behind them, and whatever was sealed
 * while a commit was on its way makes the next one: the busier the gateway, the larger the commits.
 */
export class ThreadLedger implements Ledger {
  /** Resolves when the file is open. Rejects with what is wrong with it; then every append rejects with the same. */
  readonly ready: Promise<void>
  /** Resolves when the thread is gone. */
  readonly ended: Promise<void>
  readonly #opened = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<void>()
  readonly #thread: Thread
  readonly #journal: Journal | undefined
  readonly #warn: (message: string) => void
  /** What each unanswered append order carries. */
  readonly #underWay: Sealed[][] = []
  readonly #questions = new Map<number, Question>()
  #batch: Batch | undefined
  #sealed: Sealed[] = []
  /** Characters in `#sealed`. */
  #backlog = 0
  #scheduled = false
  #failing = false
  #retry: NodeJS.Timeout | undefined
  #gathering: NodeJS.Timeout | undefined
  #nextId = 1
  /** Why nothing more can be asked of it. */
  #stopped: Error | undefined

  constructor(thread: Thread, { journal, warn }: ThreadLedgerOptions = {}) {
    this.#thread = thread
    this.#journal = journal
    this.#warn = warn ?? (() => undefined)
    this.ready = this.#opened.promise
    this.ended = this.#ended.promise
    // Whoever awaits `ready` still sees it reject; nobody has to.
    this.ready.catch(() => undefined)
    thread.on('message', (answer: LedgerAnswer) => this.#hear(answer))
    thread.on('error', (error: Error) => this.#stop(deathNotice(error.message), error))
    thread.on('exit', (code) => {
      this.#stop(deathNotice(`exit code ${code}`))
      this.#journal?.close()
      this.#ended.resolve()
    })
  }

  append(rows: AttemptRow[]): Promise<void> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped)
    if (this.#backlog > backlogLimit)
      return Promise.reject(new Error('the ledger cannot be written, and too much waits'))
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
      clearTimeout(this.#retry)
      this.#seal()
      this.#post()
      this.#send({ kind: 'close' })
      this.#stopped = new Error('the ledger is closed')
    }
    return this.ended
  }

  /** After the sockets of this turn of the event loop have been read, so that calls which end together share a write. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#seal()
      this.#postSoon()
    })
  }

  #postSoon(): void {
    if (this.#underWay.length > 0 || this.#failing || this.#sealed.length === 0) return
    // Somebody waits for the commit of what no journal has.
    if (this.#sealed.some(({ sequence }) => sequence === 0)) return this.#post()
    this.#gathering ??= setTimeout(() => this.#post(), gatherMs).unref()
  }

  #seal(): void {
    const batch = this.#batch
    if (batch === undefined) return
    this.#batch = undefined
    const json = JSON.stringify(batch.values)
    const sequence = this.#writeDown(json)
    this.#sealed.push({ sequence, json, waiting: sequence > 0 ? undefined : batch })
    this.#backlog += json.length
    if (sequence > 0) batch.resolve()
  }

  /** 0 when there is no journal, or it cannot be written: then the commit is waited for. */
  #writeDown(json: string): number {
    try {
      return this.#journal?.write(json) ?? 0
    } catch {
      return 0
    }
  }

  #post(): void {
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    if (this.#sealed.length === 0 || this.#stopped !== undefined) return
    const batches = this.#sealed
    this.#sealed = []
    this.#backlog = 0
    this.#underWay.push(batches)
    this.#order(batches)
  }

  #order(sealed: Sealed[]): void {
    this.#send({ kind: 'append', batches: sealed.map(({ sequence, json }) => ({ sequence, json })) })
  }

  /** Rows that wait go first: an answer tells of everything appended before the question. */
  #ask(order: (id: number) => LedgerOrder): Promise<unknown> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped)
    this.#seal()
    if (!this.#failing) this.#post()
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
        return this.#committed(this.#underWay.shift() ?? [])
      case 'failed':
        return this.#failed(answer)
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

  #committed(batches: Sealed[]): void {
    this.#failing = false
    for (const { waiting } of batches) waiting?.resolve()
    const last = batches.at(-1)?.sequence ?? 0
    if (last > 0) this.#journal?.committed(last)
    this.#postSoon()
  }

  /** What the journal has can wait until the database can be written again; what it has not is told at once. */
  #failed({ message, retry }: Extract<LedgerAnswer, { kind: 'failed' }>): void {
    const batches = this.#underWay.shift() ?? []
    const error = new Error(message)
    for (const { waiting } of batches) waiting?.reject(error)
    const journaled = batches.filter(({ sequence }) => sequence > 0)
    if (journaled.length > 0 && !retry) this.#warn(`${message}; some calls are missing from the ledger`)
    if (journaled.length > 0 && retry) return this.#tryLater(journaled, message)
    this.#postSoon()
  }

  #tryLater(journaled: Sealed[], message: string): void {
    if (!this.#failing) this.#warn(`${message}; calls are kept in a journal beside it and recorded as soon as it works`)
    this.#failing = true
    this.#sealed = [...journaled, ...this.#sealed].sort((a, b) => a.sequence - b.sequence)
    this.#backlog = this.#sealed.reduce((sum, { json }) => sum + json.length, 0)
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#post(), retryMs).unref()
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
    clearTimeout(this.#retry)
    this.#batch?.reject(error)
    this.#batch = undefined
    const lost = [...this.#underWay.splice(0).flat(), ...this.#sealed.splice(0)]
    for (const { waiting } of lost) waiting?.reject(error)
    for (const question of this.#questions.values()) question.reject(this.#stopped)
    this.#questions.clear()
  }
}

function deathNotice(reason: string): string {
  return `the ledger's thread ended (${reason}): calls cannot be recorded any more, restart the gateway`
}

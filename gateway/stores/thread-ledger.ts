import type { Journal } from './journal.ts'
import type { AttemptRow, UsageQuery, UsageReport } from './ledger.ts'
import { CaptureQueue } from './ledger-capture-queue.ts'
import type {
  JournaledRows,
  LedgerAnswer,
  LedgerOrder,
  QuestionAnswer,
  QuestionInput,
  QuestionName,
} from './ledger-message.ts'
import { PendingAnswers } from './ledger-pending.ts'
import type { CallsQuery, Capture, HourRow, HoursQuery, ReadableLedger } from './ledger-reader.ts'
import { packRow } from './ledger-row.ts'
import type { Value } from './open-database.ts'
import { hourPieces, isLong, narrowed } from './usage-report.ts'

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
  /** Characters that may wait for a database that cannot be written. */
  backlogLimit?: number
}

const retryMs = 1000
/** What is journaled can wait for company: one commit of many rows costs a third of many commits. */
const gatherMs = 100
const defaultBacklogLimit = 64 * 1024 * 1024

/**
 * The gateway's side of the ledger's thread. What one turn of the event loop brings goes into the journal with one
 * write, and then the answers that wait for it may leave; the thread commits behind them, and whatever was sealed
 * while a commit was on its way makes the next one: the busier the gateway, the larger the commits.
 */
export class ThreadLedger implements ReadableLedger {
  /** Resolves when the file is open. Rejects with what is wrong with it; then every append rejects with the same. */
  readonly ready: Promise<void>
  /** Resolves when the thread is gone. */
  readonly ended: Promise<void>
  readonly #opened = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<void>()
  readonly #thread: Thread
  readonly #journal: Journal | undefined
  readonly #warn: (message: string) => void
  readonly #backlogLimit: number
  /** What each unanswered append order carries. */
  readonly #underWay: Sealed[][] = []
  readonly #questions = new PendingAnswers()
  readonly #captures: CaptureQueue
  #batch: Batch | undefined
  #sealed: Sealed[] = []
  /** Characters in `#sealed`. */
  #backlog = 0
  #scheduled = false
  /** Why what the journal has cannot be committed at the moment. */
  #problem: string | undefined
  #retry: NodeJS.Timeout | undefined
  #gathering: NodeJS.Timeout | undefined
  /** Why nothing more can be asked of it. */
  #stopped: Error | undefined

  constructor(thread: Thread, { journal, warn, backlogLimit }: ThreadLedgerOptions = {}) {
    this.#thread = thread
    this.#journal = journal
    this.#warn = warn ?? (() => undefined)
    this.#backlogLimit = backlogLimit ?? defaultBacklogLimit
    this.#captures = new CaptureQueue(this.#warn)
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
    if (this.#backlog > this.#backlogLimit) {
      return Promise.reject(
        new Error(`${this.#problem ?? 'the ledger is slow'}, and too many calls wait to be recorded`),
      )
    }
    this.#batch ??= { values: [], ...Promise.withResolvers<void>() }
    for (const row of rows) packRow(row, this.#batch.values)
    this.#schedule()
    return this.#batch.promise
  }

  usage(query: UsageQuery): Promise<UsageReport> {
    return this.#ask('usage', query)
  }

  prune(before: number): Promise<number> {
    return this.#ask('prune', before)
  }

  calls(query: CallsQuery): Promise<QuestionAnswer<'calls'>> {
    return this.#ask('calls', query)
  }

  call(callId: string): Promise<QuestionAnswer<'call'>> {
    return this.#ask('call', callId)
  }

  /** Piece by piece: receiving all of a year's rows at once would hold up the streams. */
  async hours(query: HoursQuery): Promise<QuestionAnswer<'hours'>> {
    const rows: HourRow[] = []
    const wanted = isLong(query) ? narrowed(query, await this.#ask('span')) : query
    for (const piece of hourPieces(wanted)) rows.push(...(await this.#ask('hours', piece)))
    return rows
  }

  latency(edges: readonly number[]): Promise<QuestionAnswer<'latency'>> {
    return this.#ask('latency', edges)
  }

  names(): Promise<QuestionAnswer<'names'>> {
    return this.#ask('names')
  }

  capture(callId: string, startedAt: number, capture: Capture): void {
    if (this.#stopped !== undefined) return
    this.#captures.add({ callId, startedAt, json: JSON.stringify(capture) })
    this.#gather()
  }

  close(): Promise<void> {
    if (this.#stopped === undefined) {
      this.#stopRetrying()
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
    if (this.#underWay.length > 0 || this.#problem !== undefined || this.#sealed.length === 0) return
    // Somebody waits for the commit of what no journal has.
    if (this.#sealed.some(({ sequence }) => sequence === 0)) return this.#post()
    this.#gather()
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => this.#post(), gatherMs).unref()
  }

  #seal(): void {
    const batch = this.#batch
    if (batch === undefined) return
    this.#batch = undefined
    const json = JSON.stringify(batch.values)
    const sequence = this.#writeDown(json)
    // Neither can be written: an answer does not wait for the next try.
    if (sequence === 0 && this.#problem !== undefined) return batch.reject(new Error(this.#problem))
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
    if (this.#stopped !== undefined) return
    // While the database cannot be written, rows go when the retry is due.
    if (this.#retry === undefined) this.#postRows()
    const lines = this.#captures.take()
    if (lines.length > 0) this.#send({ kind: 'capture', lines })
  }

  #postRows(): void {
    if (this.#sealed.length === 0) return
    const batches = this.#sealed
    this.#sealed = []
    this.#backlog = 0
    this.#underWay.push(batches)
    this.#send({ kind: 'append', batches: batches.map(({ sequence, json }) => ({ sequence, json })) })
  }

  /** Rows that wait go first: an answer tells of everything appended before the question. */
  async #ask<Name extends QuestionName>(name: Name, ...input: QuestionInput<Name>): Promise<QuestionAnswer<Name>> {
    if (this.#stopped !== undefined) throw this.#stopped
    this.#seal()
    this.#post()
    const { id, answer } = this.#questions.open()
    this.#send({ kind: 'ask', id, name, input })
    return (await answer) as QuestionAnswer<Name>
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
        return this.#questions.resolve(answer.id, answer.value)
      case 'refused':
        return this.#questions.reject(answer.id, new Error(answer.message))
      case 'captured':
        return this.#captures.settled(answer.problem)
      case 'warning':
        return this.#warn(answer.message)
      case 'unusable':
        return this.#stop(answer.message)
      case 'ready':
        return this.#opened.resolve()
    }
  }

  #committed(batches: Sealed[]): void {
    this.#problem = undefined
    for (const { waiting } of batches) waiting?.resolve()
    const last = batches.reduce((last, { sequence }) => Math.max(last, sequence), 0)
    if (last > 0) this.#journal?.committed(last)
    this.#postSoon()
  }

  /** What the journal has can wait until the database can be written again; what it has not is told at once. */
  #failed({ message, retry }: Extract<LedgerAnswer, { kind: 'failed' }>): void {
    const batches = this.#underWay.shift() ?? []
    const error = new Error(message)
    for (const { waiting } of batches) waiting?.reject(error)
    const journaled = batches.filter(({ sequence }) => sequence > 0)
    if (journaled.length > 0 && retry) return this.#tryLater(journaled, message)
    if (journaled.length > 0) this.#warn(`${message}; some calls are missing from the ledger`)
    if (this.#retry === undefined) this.#problem = undefined
    this.#postSoon()
  }

  #tryLater(journaled: Sealed[], message: string): void {
    if (this.#problem === undefined) {
      this.#warn(`${message}; calls are kept in a journal beside it and recorded as soon as it works`)
      this.#problem = message
    }
    this.#sealed = [...journaled, ...this.#sealed].sort((a, b) => a.sequence - b.sequence)
    this.#backlog = this.#sealed.reduce((sum, { json }) => sum + json.length, 0)
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined
      this.#post()
    }, retryMs).unref()
  }

  #stopRetrying(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
  }

  /** Nothing more will be answered. After a close in good order nothing waits, and this does nothing. */
  #stop(message: string, cause?: Error): void {
    const error = new Error(message, cause === undefined ? undefined : { cause })
    this.#stopped ??= error
    this.#opened.reject(this.#stopped)
    this.#stopRetrying()
    clearTimeout(this.#gathering)
    this.#batch?.reject(error)
    this.#batch = undefined
    const lost = [...this.#underWay.splice(0).flat(), ...this.#sealed.splice(0)]
    for (const { waiting } of lost) waiting?.reject(error)
    this.#questions.rejectAll(this.#stopped)
  }
}

function deathNotice(reason: string): string {
  return `the ledger's thread ended (${reason}): calls cannot be recorded any more, restart the gateway`
}

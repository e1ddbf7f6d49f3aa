import { EventEmitter } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Journal } from '../../../gateway/stores/journal.ts'
import type { LedgerAnswer, LedgerOrder } from '../../../gateway/stores/ledger-message.ts'
import { rowWidth } from '../../../gateway/stores/ledger-row.ts'
import { ThreadLedger } from '../../../gateway/stores/thread-ledger.ts'
import { attempt, hour } from '../../conformance/ledger.ts'
import { capture } from '../../conformance/ledger-reader.ts'

/** A thread that does what the test says. */
class PlayedThread extends EventEmitter {
  readonly orders: LedgerOrder[] = []
  postMessage(order: LedgerOrder): void {
    this.orders.push(order)
  }
  answer(answer: LedgerAnswer): void {
    this.emit('message', answer)
  }
  /** Rows per message. */
  batches(): number[] {
    return this.#appends().map(({ batches }) =>
      batches.reduce((sum, { json }) => sum + (JSON.parse(json) as unknown[]).length / rowWidth, 0),
    )
  }
  /** Numbers of the lines per message. */
  sequences(): number[][] {
    return this.#appends().map(({ batches }) => batches.map(({ sequence }) => sequence))
  }
  #appends(): LedgerOrder<'append'>[] {
    return this.orders.filter((order) => order.kind === 'append')
  }
}

describe('ThreadLedger without a journal', () => {
  let thread: PlayedThread
  let ledger: ThreadLedger
  const append = (): Promise<void> => ledger.append([attempt()])

  beforeEach(() => {
    thread = new PlayedThread()
    ledger = new ThreadLedger(thread)
  })

  test('calls that end in one turn share a message and a promise', async () => {
    const first = append()
    const second = append()
    await turn()
    expect(thread.batches()).toEqual([2])
    expect(second).toBe(first)
    thread.answer({ kind: 'committed' })
    await expect(first).resolves.toBeUndefined()
  })

  test('the next batch leaves when the last commit is acknowledged, and not before', async () => {
    void append()
    await turn()
    const later = [append(), append(), append()]
    await turn()
    expect(thread.batches()).toEqual([1])
    thread.answer({ kind: 'committed' })
    expect(thread.batches()).toEqual([1, 3])
    thread.answer({ kind: 'committed' })
    await Promise.all(later)
  })

  test('a question takes the rows before it along', async () => {
    void append()
    await turn()
    void append()
    const usage = ledger.usage({ groupBy: ['model'] })
    expect(thread.orders.map((order) => order.kind)).toEqual(['append', 'append', 'ask'])
    expect(thread.orders[2]).toEqual({ kind: 'ask', id: 1, name: 'usage', input: [{ groupBy: ['model'] }] })
    thread.answer({ kind: 'refused', id: 1, message: 'no such thing' })
    await expect(usage).rejects.toThrow('no such thing')
  })

  test('a batch that fails is told to those in it, and to nobody else', async () => {
    const bad = append()
    await turn()
    const good = append()
    await turn()
    thread.answer({ kind: 'failed', message: 'the disk is full', retry: true })
    thread.answer({ kind: 'committed' })
    await expect(bad).rejects.toThrow('the disk is full')
    await expect(good).resolves.toBeUndefined()
  })

  test('a file that cannot be used: ready and everything else say so', async () => {
    const waiting = append()
    thread.answer({ kind: 'unusable', message: 'the ledger x.db is locked' })
    thread.emit('exit', 0)
    await expect(ledger.ready).rejects.toThrow('the ledger x.db is locked')
    await expect(waiting).rejects.toThrow('the ledger x.db is locked')
    await expect(append()).rejects.toThrow('the ledger x.db is locked')
    await expect(ledger.usage({})).rejects.toThrow('the ledger x.db is locked')
    await expect(ledger.close()).resolves.toBeUndefined()
  })

  test('a thread that dies leaves nobody waiting', async () => {
    thread.answer({ kind: 'ready' })
    await ledger.ready
    const underWay = append()
    await turn()
    const queued = append()
    const question = ledger.prune(0)
    thread.emit('error', new Error('out of memory'))
    thread.emit('exit', 1)
    for (const pending of [underWay, queued, question, append()]) {
      await expect(pending).rejects.toThrow(/thread ended \(out of memory\): calls cannot be recorded.*restart/)
    }
  })

  test('close sends what is left, and ends when the thread has', async () => {
    const last = append()
    const closed = ledger.close()
    expect(ledger.close()).toBe(closed)
    expect(thread.orders.map((order) => order.kind)).toEqual(['append', 'close'])
    thread.answer({ kind: 'committed' })
    thread.emit('exit', 0)
    await closed
    await last
    await expect(append()).rejects.toThrow('the ledger is closed')
  })
})

/** A journal that notes what it is told. */
class PlayedJournal implements Journal {
  readonly writer = 'ab'
  readonly told: string[] = []
  isFull = false
  #sequence = 0
  write(): number {
    if (this.isFull) throw new Error('no space left on device')
    return (this.#sequence += 1)
  }
  committed(sequence: number): void {
    this.told.push(`committed ${sequence}`)
  }
  close(): void {
    this.told.push('closed')
  }
}

describe('ThreadLedger with a journal', () => {
  let thread: PlayedThread
  let journal: PlayedJournal
  let ledger: ThreadLedger
  const warn = vi.fn<(message: string) => void>()
  /** One turn of the event loop, a line of its own. */
  const append = (): Promise<void> => ledger.append([attempt()])
  const failure = (retry: boolean): LedgerAnswer => ({ kind: 'failed', message: 'the ledger is locked', retry })

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    thread = new PlayedThread()
    journal = new PlayedJournal()
    warn.mockClear()
    ledger = new ThreadLedger(thread, { journal, warn })
  })
  afterEach(() => vi.useRealTimers())

  test('an append waits for the journal alone; the thread gets what 100 ms bring in one message', async () => {
    await append()
    await append()
    expect(thread.orders).toEqual([])
    vi.advanceTimersByTime(100)
    expect(thread.sequences()).toEqual([[1, 2]])
    thread.answer({ kind: 'committed' })
    expect(journal.told).toEqual(['committed 2'])
  })

  test('what comes while a commit is on its way makes the next one', async () => {
    await append()
    vi.advanceTimersByTime(100)
    await append()
    await append()
    vi.advanceTimersByTime(1000)
    expect(thread.sequences()).toEqual([[1]])
    thread.answer({ kind: 'committed' })
    vi.advanceTimersByTime(100)
    expect(thread.sequences()).toEqual([[1], [2, 3]])
  })

  test('a question takes along what was appended in the same turn', () => {
    const asked = [append(), ledger.usage({}), ledger.names()]
    expect(thread.sequences()).toEqual([[1]])
    expect(thread.orders.map(({ kind }) => kind)).toEqual(['append', 'ask', 'ask'])
    expect(asked).toHaveLength(3)
  })

  test('a commit that may work later is tried again after a second, with all since, in order; told once', async () => {
    await append()
    vi.advanceTimersByTime(100)
    await append()
    thread.answer(failure(true))
    await append()
    vi.advanceTimersByTime(999)
    expect(thread.sequences()).toEqual([[1]])
    vi.advanceTimersByTime(1)
    expect(thread.sequences()).toEqual([[1], [1, 2, 3]])
    thread.answer(failure(true))
    vi.advanceTimersByTime(1000)
    thread.answer({ kind: 'committed' })
    expect(thread.sequences()).toEqual([[1], [1, 2, 3], [1, 2, 3]])
    expect(journal.told).toEqual(['committed 3'])
    expect(warn.mock.calls).toEqual([
      ['the ledger is locked; calls are kept in a journal beside it and recorded as soon as it works'],
    ])
  })

  test('an earlier commit that failed keeps those already sent back, and they go again in order', async () => {
    await append()
    vi.advanceTimersByTime(100)
    await append()
    void ledger.usage({})
    expect(thread.sequences()).toEqual([[1], [2]])
    thread.answer(failure(true))
    thread.answer({ kind: 'failed', message: 'an earlier commit failed', retry: true })
    vi.advanceTimersByTime(1000)
    expect(thread.sequences()).toEqual([[1], [2], [1, 2]])
    expect(warn).toHaveBeenCalledTimes(1)
  })

  test('questions and captures do not hurry a retry', async () => {
    await append()
    vi.advanceTimersByTime(100)
    thread.answer(failure(true))
    void ledger.usage({})
    ledger.capture('call-1', hour, capture)
    vi.advanceTimersByTime(500)
    expect(thread.sequences()).toEqual([[1]])
    expect(thread.orders.map(({ kind }) => kind)).toEqual(['append', 'ask', 'capture'])
  })

  test('a commit that can never work is told, and those after it go on', async () => {
    await append()
    vi.advanceTimersByTime(100)
    await append()
    thread.answer(failure(false))
    expect(warn.mock.calls).toEqual([['the ledger is locked; some calls are missing from the ledger']])
    vi.advanceTimersByTime(100)
    expect(thread.sequences()).toEqual([[1], [2]])
  })

  test('a retry that can never work is given up, and those after it go on', async () => {
    await append()
    vi.advanceTimersByTime(100)
    thread.answer(failure(true))
    vi.advanceTimersByTime(1000)
    await append()
    thread.answer(failure(false))
    vi.advanceTimersByTime(100)
    expect(thread.sequences()).toEqual([[1], [1], [2]])
  })

  test('a journal that cannot be written: the append waits for the commit, which goes at once', async () => {
    journal.isFull = true
    const appended = append()
    await turn()
    expect(thread.sequences()).toEqual([[0]])
    thread.answer({ kind: 'committed' })
    await appended
    expect(journal.told).toEqual([])
  })

  test('neither journal nor database can be written: the append is refused at once', async () => {
    await append()
    vi.advanceTimersByTime(100)
    thread.answer(failure(true))
    journal.isFull = true
    await expect(append()).rejects.toThrow('the ledger is locked')
  })

  test('close while a retry is due tries once more, and then ends', async () => {
    await append()
    vi.advanceTimersByTime(100)
    thread.answer(failure(true))
    const closed = ledger.close()
    expect(thread.orders.map(({ kind }) => kind)).toEqual(['append', 'append', 'close'])
    thread.answer(failure(true))
    thread.emit('exit', 0)
    await closed
    vi.advanceTimersByTime(5000)
    expect(thread.orders).toHaveLength(3)
    expect(journal.told).toEqual(['closed'])
  })

  test('too much waits for a database that cannot be written: an append is refused', async () => {
    ledger = new ThreadLedger(thread, { journal, warn, backlogLimit: 500 })
    await append()
    vi.advanceTimersByTime(100)
    thread.answer(failure(true))
    await ledger.append([attempt(), attempt(), attempt(), attempt()])
    await expect(append()).rejects.toThrow('the ledger is locked, and too many calls wait to be recorded')
    vi.advanceTimersByTime(1000)
    thread.answer({ kind: 'committed' })
    await append()
  })

  test('captures are gathered, written after the rows, and what is wrong with them told once', async () => {
    ledger.capture('call-1', hour, capture)
    ledger.capture('call-2', hour, capture)
    await append()
    vi.advanceTimersByTime(100)
    expect(thread.orders.map(({ kind }) => kind)).toEqual(['append', 'capture'])
    const line = { startedAt: hour, json: JSON.stringify(capture) }
    expect(thread.orders[1]).toMatchObject({
      lines: [
        { callId: 'call-1', ...line },
        { callId: 'call-2', ...line },
      ],
    })
    thread.answer({ kind: 'captured', problem: 'the disk is full' })
    ledger.capture('call-3', hour, capture)
    vi.advanceTimersByTime(100)
    thread.answer({ kind: 'captured', problem: 'the disk is full' })
    expect(warn.mock.calls).toEqual([['headers and bodies of some calls are not kept: the disk is full']])
  })

  test('captures that come faster than they are written are given up', () => {
    const large = { ...capture, response: 'x'.repeat(12 * 1024 * 1024) }
    for (const id of ['call-1', 'call-2', 'call-3']) ledger.capture(id, hour, large)
    vi.advanceTimersByTime(100)
    expect(thread.orders).toMatchObject([{ lines: [{ callId: 'call-1' }, { callId: 'call-2' }] }])
    expect(warn.mock.calls[0]?.[0]).toContain('faster than they are written')
    thread.answer({ kind: 'captured', problem: undefined })
    ledger.capture('call-4', hour, large)
    vi.advanceTimersByTime(100)
    expect(thread.orders.at(-1)).toMatchObject({ lines: [{ callId: 'call-4' }] })
  })

  test('what the thread warns of is told', () => {
    thread.answer({ kind: 'warning', message: 'calls cannot be read' })
    expect(warn.mock.calls).toEqual([['calls cannot be read']])
  })
})

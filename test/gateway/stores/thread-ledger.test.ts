import { EventEmitter } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import type { LedgerAnswer, LedgerOrder } from '../../../gateway/stores/ledger-message.ts'
import { rowWidth } from '../../../gateway/stores/ledger-row.ts'
import { ThreadLedger } from '../../../gateway/stores/thread-ledger.ts'
import { attempt } from '../../conformance/ledger.ts'

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
    return this.orders.flatMap((order) => (order.kind === 'append' ? [order.values.length / rowWidth] : []))
  }
}

describe('ThreadLedger', () => {
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
    expect(thread.orders.map((order) => order.kind)).toEqual(['append', 'append', 'usage'])
    thread.answer({ kind: 'refused', id: 1, message: 'no such thing' })
    await expect(usage).rejects.toThrow('no such thing')
  })

  test('a batch that fails is told to those in it, and to nobody else', async () => {
    const bad = append()
    await turn()
    const good = append()
    thread.answer({ kind: 'failed', message: 'the disk is full' })
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

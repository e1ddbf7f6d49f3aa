import { expect, test } from 'vitest'
import { createMemoryLedger } from '../../../gateway/stores/ledger-memory.ts'
import { attempt, describeLedger, hour } from '../../conformance/ledger.ts'
import { capture, describeLedgerReader } from '../../conformance/ledger-reader.ts'

describeLedger('memory', async () => createMemoryLedger())
describeLedgerReader('memory', async () => createMemoryLedger())

test('captures are bounded: the oldest go', async () => {
  const ledger = createMemoryLedger()
  const ids = Array.from({ length: 101 }, (_, index) => `call-${index}`)
  await ledger.append(ids.map((callId) => attempt({ callId })))
  for (const id of ids) ledger.capture(id, hour, capture)
  expect((await ledger.call('call-0'))?.capture).toBeUndefined()
  expect((await ledger.call('call-1'))?.capture).toEqual(capture)
})

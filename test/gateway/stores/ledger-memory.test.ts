import { createMemoryLedger } from '../../../gateway/stores/ledger-memory.ts'
import { describeLedger } from '../../conformance/ledger.ts'

describeLedger('memory', async () => createMemoryLedger())

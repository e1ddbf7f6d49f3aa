import { createMemorySpending } from '../../../gateway/stores/spending-memory.ts'
import { describeSpending } from '../../conformance/spending.ts'

describeSpending('memory', createMemorySpending)

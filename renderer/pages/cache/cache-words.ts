import type { CacheState } from '../../../gateway/contract.ts'
import { formatCount } from '../../lib/format.ts'
import { writeSize } from './size.ts'

/** 0 to 1; null: nothing was looked up. */
export function hitRate(hits: number, misses: number): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses)
}

export interface ClearQuestion {
  title: string
  text: string
}

/** Names what goes. `model` undefined: everything. */
export function clearQuestion(state: Pick<CacheState, 'entries' | 'bytes' | 'models'>, model?: string): ClearQuestion {
  const entry = state.models.find((each) => each.model === model)
  const { entries, bytes } = model === undefined ? state : (entry ?? { entries: 0, bytes: 0 })
  const whose = model === undefined ? ofModels(state.models.length) : ''
  return {
    title: model === undefined ? 'Clear the whole cache?' : `Clear the answers of ${model}?`,
    text: `${answers(entries)}${whose} (${writeSize(bytes)}) ${entries === 1 ? 'goes' : 'go'}. The next time they are asked for, the provider is asked and paid again. This cannot be undone.`,
  }
}

export function answers(count: number): string {
  return count === 1 ? '1 answer' : `${formatCount(count)} answers`
}

function ofModels(count: number): string {
  if (count === 0) return ''
  return count === 1 ? ' of 1 model' : ` of ${count} models`
}

import type { Explanation } from '../../../gateway/contract.ts'
import { formatPercent } from '../../lib/format.ts'
import { priceWords } from './price-words.ts'

export interface ExplainStep {
  /** Unique in the chain. */
  key: string
  provider: string
  model: string
  /** `asked first`, `75 % of calls`, `if that fails`, `fallback` */
  role: string
  /** Of its dot: can it be asked, and would it be. */
  tone: 'good' | 'warn' | 'neutral'
  price: string
  dialect: string
  problem: string | null
}

/** The targets of a call, in the order in which they would be tried, with what each is there for. */
export function explainSteps({ targets }: Pick<Explanation, 'targets'>): ExplainStep[] {
  const firstUsable = targets.findIndex(({ problem }) => problem === null)
  return targets.map((target, index) => ({
    key: `${index} ${target.provider}/${target.model}`,
    provider: target.provider,
    model: target.model,
    role: roleOf(target, index),
    tone: target.problem === null ? (target.share !== null || index === firstUsable ? 'good' : 'neutral') : 'warn',
    price: priceWords(target.price),
    dialect: target.dialect,
    problem: target.problem,
  }))
}

function roleOf({ share, isFallback }: Explanation['targets'][number], index: number): string {
  if (share !== null) return `${formatPercent(share)} of calls`
  if (index === 0) return 'asked first'
  return isFallback ? 'fallback' : 'if that fails'
}

/** In a sentence: `"fast" is an alias` -> `“fast” is an alias.` */
export function reasonSentence(reason: string): string {
  const text = reason.trim().replaceAll(/"([^"]*)"/g, '“$1”')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}

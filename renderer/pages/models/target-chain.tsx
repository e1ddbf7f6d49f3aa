import type { AliasTarget } from '../../../gateway/contract.ts'
import { formatPercent } from '../../lib/format.ts'
import { sharesOf } from './alias-draft.ts'

/** Where an alias leads: `openai/gpt-6, then groq/llama`, or with the share of each. */
export function TargetChain({ targets }: { targets: readonly AliasTarget[] }) {
  const isWeighted = targets.length > 1 && targets.some(({ weight }) => weight !== undefined)
  const shares = sharesOf(targets)
  return (
    <ol className="flex min-w-0 flex-col">
      {targets.map(({ provider, model }, index) => (
        <li key={`${index} ${provider}/${model}`} className="flex min-w-0 items-baseline gap-2">
          {targets.length > 1 && (
            <span className="w-10 shrink-0 text-right text-small text-muted">
              {isWeighted ? formatPercent(shares[index] ?? 0) : index === 0 ? 'first' : 'then'}
            </span>
          )}
          <TargetName {...{ provider, model }} />
        </li>
      ))}
    </ol>
  )
}

export function TargetName({ provider, model }: { provider: string; model: string }) {
  return (
    <span className="min-w-0 truncate font-mono text-mono" title={`${provider}/${model}`}>
      <span className="text-muted">{provider}/</span>
      {model}
    </span>
  )
}

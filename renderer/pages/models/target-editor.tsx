import { X } from 'lucide-react'
import type { Model } from '../../../gateway/contract.ts'
import { formatPercent, formatTokens } from '../../lib/format.ts'
import { IconButton } from '../../ui/button.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { Select } from '../../ui/select.tsx'
import type { TargetDraft } from './alias-draft.ts'
import { Combobox } from '../../ui/combobox.tsx'
import { priceWords, unknownPrice } from './price-words.ts'

export interface TargetEditorProps {
  target: TargetDraft
  providers: readonly string[]
  models: readonly Model[]
  /** 0 to 1, where weights decide. */
  share: number | undefined
  onChange: (change: Partial<TargetDraft>) => void
  onRemove: () => void
}

/** A provider and one of its models; a name that the provider does not list may be typed too. */
export function TargetEditor({ target, providers, models, share, onChange, onRemove }: TargetEditorProps) {
  const own = models.filter(({ provider }) => provider === target.provider)
  const chosen = own.find(({ id }) => id === target.model)
  // A provider that is gone must still be seen, so that it can be replaced.
  const options = [...new Set([...providers, target.provider])].filter((name) => name !== '')
  return (
    <div className="flex flex-col gap-1 py-2.5">
      <div className="flex items-start gap-2">
        <Select
          label="Provider"
          hidesLabel
          className="w-34 shrink-0"
          placeholder="Provider"
          options={options.map((name) => ({ value: name, label: name }))}
          value={target.provider === '' ? undefined : target.provider}
          onChange={(provider) => onChange({ provider })}
        />
        <Combobox
          label="Model"
          hidesLabel
          className="flex-1"
          placeholder="Model"
          value={target.model}
          onChange={(model) => onChange({ model })}
          suggestions={own.map(({ id, price }) => ({ value: id, note: priceWords(price) }))}
        />
        {share !== undefined && (
          <NumberField
            label="Weight"
            hidesLabel
            className="w-16 shrink-0"
            isDecimal
            isRequired
            min={0.000001}
            max={1_000_000}
            value={target.weight}
            onCommit={(weight) => weight !== undefined && onChange({ weight })}
          />
        )}
        <IconButton icon={X} size="small" label="Remove this target" onClick={onRemove} className="mt-1" />
      </div>
      <p className="flex flex-wrap gap-x-3 text-small text-muted">
        {share !== undefined && <span className="font-medium text-ink">{formatPercent(share)} of calls</span>}
        {target.model !== '' && <span>{chosen === undefined ? notListed(target, own) : factsOf(chosen)}</span>}
      </p>
    </div>
  )
}

function notListed({ provider }: TargetDraft, own: readonly Model[]): string {
  return own.length === 0 ? `The models of ${provider} are not known.` : `${provider} does not list this model.`
}

function factsOf({ price, contextWindow }: Model): string {
  const context = contextWindow === null ? '' : ` · ${formatTokens(contextWindow)} context`
  const words = priceWords(price)
  return `${words === unknownPrice ? words : `${words} per 1M`}${context}`
}

import { useState } from 'react'
import type { CatalogEntry, Provider, Status } from '../../../gateway/contract.ts'
import { writeDuration } from '../../lib/duration.ts'
import { DurationField, NumberField } from '../../ui/number-field.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { FormatList } from './format-list.tsx'
import { HeaderList } from './header-list.tsx'
import { moreSummary, usual, type MoreForm, type MoreProblems } from './more-form.ts'
import { PairList } from './pair-list.tsx'

export interface MoreFieldsProps {
  form: MoreForm
  onChange: (changes: Partial<MoreForm>) => void
  problems: MoreProblems
}

/** What only Azure has: `/openai/deployments/...` is called by deployment, not by model. */
export function AzureFields({ form, onChange, problems }: MoreFieldsProps) {
  return (
    <>
      <PairList
        label="Deployments"
        help="The model, and your name for it on Azure. None: both are the same."
        error={problems.deployments}
        pairs={form.deployments}
        onChange={(deployments) => onChange({ deployments })}
        from={{ label: 'Model', placeholder: 'gpt-5' }}
        to={{ label: 'Deployment', placeholder: 'my-gpt-5' }}
        addLabel="Add a deployment"
      />
      <TextField
        label="API version"
        isMono
        placeholder="None"
        value={form.apiVersion}
        onChange={(apiVersion) => onChange({ apiVersion })}
        error={problems.apiVersion}
        help="Like 2024-10-21, for the older addresses. Empty: /openai/v1."
      />
    </>
  )
}

export interface MoreProps extends MoreFieldsProps {
  entry: Pick<CatalogEntry, 'dialects'> | undefined
  /** undefined: it is being added. */
  provider?: Pick<Provider, 'speaks' | 'dialects'>
  configHome: Status['configHome']
}

/** What most people never need. It opens by itself where something in it is wrong. */
export function More({ form, onChange, problems, entry, provider, configHome }: MoreProps) {
  const [isOpen, setIsOpen] = useState(false)
  const hasProblem = problems.headers !== undefined || problems.modelMap !== undefined
  return (
    <details
      open={isOpen || hasProblem}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
      className="rounded-control border border-line px-3 py-2"
    >
      <summary className="cursor-pointer font-medium">
        More <span className="font-normal text-muted">{moreSummary(form)}</span>
      </summary>
      <div className="mt-3 mb-1 flex flex-col gap-5">
        <FormatList
          possible={entry?.dialects ?? []}
          known={provider?.dialects === null ? provider.speaks : []}
          chosen={form.dialects}
          onChange={(dialects) => onChange({ dialects })}
        />
        <HeaderList
          headers={form.headers}
          onChange={(headers) => onChange({ headers })}
          error={problems.headers}
          configHome={configHome}
        />
        <PairList
          label="Stand-ins"
          help="Which of its models to ask for on fallback. * is any other model."
          error={problems.modelMap}
          pairs={form.modelMap}
          onChange={(modelMap) => onChange({ modelMap })}
          from={{ label: 'In place of', placeholder: '*' }}
          to={{ label: 'Model of this provider', placeholder: 'gpt-5-mini' }}
          addLabel="Add a stand-in"
        />
        <Numbers {...{ form, onChange }} />
      </div>
    </details>
  )
}

function Numbers({ form, onChange }: Omit<MoreFieldsProps, 'problems'>) {
  const field = (name: keyof MoreForm) => ({
    onCommit: (value: number | undefined) => onChange({ [name]: value }),
  })
  const longest = { min: 1, max: 86_400_000 }
  return (
    <div className="grid grid-cols-2 items-start gap-4">
      <NumberField
        label="Priority"
        {...field('priority')}
        placeholder={`Usually ${usual.priority}`}
        value={form.priority}
        min={0}
        max={1000}
        help="The lowest number is asked first."
      />
      <NumberField
        label="Retries"
        {...field('maxRetries')}
        placeholder={`Usually ${usual.maxRetries}`}
        value={form.maxRetries}
        min={0}
        max={10}
        help="After the first try."
      />
      <DurationField
        label="Whole answer"
        {...field('timeoutMs')}
        {...longest}
        placeholder={`Usually ${writeDuration(usual.timeoutMs)}`}
        value={form.timeoutMs}
        help="Then the call is given up."
      />
      <DurationField
        label="Connecting"
        {...field('connectTimeoutMs')}
        {...longest}
        placeholder={`Usually ${writeDuration(usual.connectTimeoutMs)}`}
        value={form.connectTimeoutMs}
        help="Until the connection stands."
      />
      <DurationField
        label="First token"
        {...field('firstTokenTimeoutMs')}
        {...longest}
        placeholder="No limit of its own"
        value={form.firstTokenTimeoutMs}
        help="Then the next target is tried."
      />
      <DurationField
        label="Silence"
        {...field('idleTimeoutMs')}
        {...longest}
        placeholder={`Usually ${writeDuration(usual.idleTimeoutMs)}`}
        value={form.idleTimeoutMs}
        help="Between two pieces of a stream."
      />
    </div>
  )
}

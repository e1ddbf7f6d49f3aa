import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { ClientKey } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { formatDate } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import type { ShownKey } from './shown-key.tsx'

const graces = [
  { value: '0', label: 'Not at all' },
  { value: '3600000', label: 'One hour' },
  { value: '86400000', label: '24 hours' },
  { value: '604800000', label: '7 days' },
] as const

type Grace = (typeof graces)[number]['value']

export interface NewSecretProps {
  row: ClientKey
  now: number
  onMade: (shown: ShownKey) => void
}

/** Another key under the same name, for one that may have been seen, or is old. */
export function NewSecret({ row, now, onMade }: NewSecretProps) {
  const [grace, setGrace] = useState<Grace>('86400000')
  const rotate = useAct('clientKeys.rotate', {
    saved: `${row.name} has a new key`,
    forgets: true,
    onDone: ({ key }, { graceMs }) =>
      onMade({ name: row.name, key, models: row.models, isNew: false, oldUntil: endWords(now, graceMs) }),
  })
  return (
    <section aria-label="New secret" className="flex flex-col gap-3 border-t border-line pt-5">
      <h3 className="text-section font-semibold">New secret</h3>
      {row.whyNotRotated !== null && <p className="text-muted">{row.whyNotRotated}</p>}
      {row.whyNotRotated === null && (
        <>
          <p className="text-muted">
            The name, its models and limits stay. Let the old one work for a while, so that nothing stops before the new
            one is in place.
          </p>
          {row.previousUntil !== null && (
            <p className="text-muted">
              The one before this still works, until {formatDate(row.previousUntil, now)}. Another new one ends it now.
            </p>
          )}
          <div className="flex items-end gap-3">
            <Select
              label="The old one still works"
              className="w-48"
              options={graces}
              value={grace}
              onChange={setGrace}
            />
            <Button
              icon={RefreshCw}
              isBusy={rotate.isPending}
              onClick={() => rotate.mutate({ name: row.name, graceMs: Number(grace) })}
            >
              Make a new secret
            </Button>
          </div>
        </>
      )}
    </section>
  )
}

function endWords(now: number, graceMs: number): string {
  return graceMs === 0 ? 'The old one no longer works.' : `The old one works until ${formatDate(now + graceMs, now)}.`
}

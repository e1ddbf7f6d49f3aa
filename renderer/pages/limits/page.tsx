import type { Limits } from '../../../gateway/contract.ts'
import { useAct, useMethod } from '../../client/query.ts'
import { useCommands } from '../../lib/commands.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, PageBody, PageHeader } from '../../ui/layout.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Switch } from '../../ui/switch.tsx'
import { ReadOnlyNote } from '../settings/read-only-note.tsx'
import { hasLimits, withModelLimit } from './limit-edit.ts'
import { LimitHeading, LimitRow } from './limit-row.tsx'
import { ModelLimits } from './model-limits.tsx'

/** How much may be asked in a span of time: by everybody, by each key, of each model. */
export function Page() {
  const limits = useMethod('limits.get', {})
  return (
    <PageBody>
      <PageHeader
        title="Limits"
        description="A call past a limit is refused with status 429 and told when to come back. Nothing is spent on it."
      />
      <ReadOnlyNote />
      {limits.error !== null && (
        <ErrorNote error={limits.error} action={<Button onClick={() => void limits.refetch()}>Try again</Button>} />
      )}
      {limits.isPending && <SkeletonRows rows={6} />}
      {limits.data !== undefined && <Editor limits={limits.data} />}
    </PageBody>
  )
}

function Editor({ limits }: { limits: Limits }) {
  const save = useAct('limits.save', { optimistic: (cache, input) => cache.update('limits.get', () => input) })
  const enable = (enabled: boolean) => save.mutate({ ...limits, enabled })
  useCommands([
    {
      id: 'limits switch',
      title: limits.enabled ? 'Turn limits off' : 'Turn limits on',
      group: 'Actions',
      run: () => enable(!limits.enabled),
    },
  ])
  return (
    <>
      <Card>
        <Switch
          label="Apply limits"
          help="Off, the numbers below are kept but nothing is refused. Keys with limits of their own are held to them all the same."
          checked={limits.enabled}
          onChange={enable}
        />
      </Card>
      <Warning limits={limits} onEnable={() => enable(true)} />
      <Card title="For all models">
        <div className="flex flex-col gap-4">
          <LimitHeading title="Callers" />
          <LimitRow
            title="Everybody"
            whom="for all callers together"
            limit={limits.global}
            onChange={(global) => save.mutate({ ...limits, global })}
          />
          <LimitRow
            title="Each key"
            whom="for each key; callers without a key count as one"
            limit={limits.perKey}
            onChange={(perKey) => save.mutate({ ...limits, perKey })}
          />
        </div>
      </Card>
      <ModelLimits
        perModel={limits.perModel}
        onChange={(model, limit) => save.mutate(withModelLimit(limits, model, limit))}
      />
      <p className="text-muted">
        A window begins with the first call after the last one ended. Tokens are those of questions and answers
        together. A call that several limits concern must pass all of them.
      </p>
    </>
  )
}

/** The switch and the numbers say different things. */
function Warning({ limits, onEnable }: { limits: Limits; onEnable: () => void }) {
  if (limits.enabled && !hasLimits(limits)) {
    return <Note title="Limits are on, but there is none." text="Enter a number of requests or tokens below." />
  }
  if (limits.enabled || !hasLimits(limits)) return null
  return (
    <Note
      kind="warn"
      title="Limits are off: nothing is refused."
      action={<Button onClick={onEnable}>Turn limits on</Button>}
    />
  )
}

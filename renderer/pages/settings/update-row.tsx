import { useMethod } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { useUpdate } from './queries.ts'
import { updateWords } from './update-words.ts'

/** Where the update stands, and the one next step. */
export function UpdateRow() {
  const version = useMethod('status.get', {}).data?.version
  const update = useUpdate()
  if (version === undefined) return null
  const { text, step, label, progress } = updateWords(update.state, version)
  return (
    <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <div className="min-w-0 flex-1">
        <output className="block">{text}</output>
        {progress !== undefined && (
          <div className="mt-2">
            <ProgressBar label="Download of the update" share={progress} />
          </div>
        )}
      </div>
      {step !== undefined && (
        <Button
          kind={step === 'check' ? 'plain' : 'primary'}
          isBusy={update.isPending}
          onClick={() => update.step(step)}
        >
          {label}
        </Button>
      )}
    </div>
  )
}

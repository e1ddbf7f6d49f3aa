import { Download } from 'lucide-react'
import { useState } from 'react'
import { useMethod } from '../../client/query.ts'
import { usePlatform } from '../../client/platform.tsx'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Card } from '../../ui/layout.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import type { Option } from '../../ui/select.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toast, toastFailure } from '../../ui/toast.tsx'
import { referencesOf, type Reference } from './references.ts'
import { runSteps, type RunPlace } from './run-commands.ts'

/** The configuration as a file that holds no key, and how it runs elsewhere. */
export function ExportView() {
  const exported = useMethod('config.export', {}, { staleMs: 0 })
  const port = useMethod('status.get', {}).data?.port ?? 8080
  if (exported.error !== null) {
    return (
      <ErrorNote error={exported.error} action={<Button onClick={() => void exported.refetch()}>Try again</Button>} />
    )
  }
  if (exported.data === undefined) return <SkeletonRows rows={10} />
  const { yaml } = exported.data
  return (
    <div className="flex flex-col gap-6">
      <File yaml={yaml} />
      <RunElsewhere references={referencesOf(yaml)} port={port} />
    </div>
  )
}

function File({ yaml }: { yaml: string }) {
  const { saveText } = usePlatform()
  const save = () => {
    saveText('gateway.yaml', yaml).then(
      (isSaved) => isSaved && toast('gateway.yaml is saved'),
      (thrown: unknown) =>
        toastFailure({
          message: thrown instanceof Error ? thrown.message : 'The file could not be written.',
          hint: 'Choose another folder, or copy the text instead.',
        }),
    )
  }
  return (
    <Card
      title="gateway.yaml"
      actions={
        <>
          <CopyButton text={yaml} label="Copy" hasText size="medium" />
          <Button icon={Download} kind="primary" onClick={save}>
            Save as file
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-muted">
          The whole configuration. No key is in it: each is a reference to an environment variable, so the file may be
          shared and kept in version control.
        </p>
        <Code text={yaml} label="Copy gateway.yaml" maxHeight={360} />
      </div>
    </Card>
  )
}

const places: readonly Option<RunPlace>[] = [
  { value: 'shell', label: 'Linux and macOS' },
  { value: 'powershell', label: 'Windows' },
  { value: 'docker', label: 'Docker' },
]

function RunElsewhere({ references, port }: { references: readonly Reference[]; port: number }) {
  const [place, setPlace] = useState<RunPlace>('shell')
  return (
    <Card
      title="Run it without a window"
      actions={<Segmented label="Where it runs" options={places} value={place} onChange={setPlace} />}
    >
      <ol className="flex flex-col gap-4">
        {runSteps(place, { references, port }).map(({ title, command }, index) => (
          <li key={title} className="flex flex-col gap-1">
            <span className="font-medium">
              {index + 1}. {title}
            </span>
            <Code text={command} label={`Copy: ${title}`} wraps />
          </li>
        ))}
      </ol>
      <References references={references} />
    </Card>
  )
}

function References({ references }: { references: readonly Reference[] }) {
  const optional = references.filter(({ isOptional }) => isOptional)
  if (references.length === 0) return <p className="mt-4 text-muted">It needs no environment variables.</p>
  return (
    <div className="mt-4">
      <Note
        title="Without these variables it does not start"
        text={
          <>
            Take the keys from where you made them: the app does not give a key out again.
            {optional.length > 0 && ` May stay unset: ${optional.map(({ name }) => name).join(', ')}.`}
          </>
        }
      />
    </div>
  )
}

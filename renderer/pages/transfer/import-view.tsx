import { FolderOpen } from 'lucide-react'
import { useRef, useState, type DragEvent } from 'react'
import { useAct, useMethod } from '../../client/query.ts'
import { usePlatform } from '../../client/platform.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/layout.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import { ReadOnlyNote } from '../settings/read-only-note.tsx'
import { Preview } from './preview.tsx'
import { largestYaml, lineSpan } from './problem.ts'
import { useSettled } from './use-settled.ts'

/** A gateway.yaml in: what it would change is seen before anything is changed. */
export function ImportView() {
  const [yaml, setYaml] = useState('')
  const area = useRef<HTMLTextAreaElement>(null)
  const settled = useSettled(yaml, 350)
  const isTooLong = yaml.length > largestYaml
  const isAsked = settled.trim() !== '' && settled.length <= largestYaml
  const preview = useMethod('config.preview', { yaml: isAsked ? settled : '' }, { enabled: isAsked, staleMs: 0 })
  const take = useAct('config.import', { saved: 'Imported', onDone: () => setYaml('') })
  const showLine = (line: number) => {
    const { start, end } = lineSpan(yaml, line)
    area.current?.focus()
    area.current?.setSelectionRange(start, end)
    if (area.current !== null) area.current.scrollTop = Math.max(0, (line - 4) * 20)
  }
  return (
    <div className="flex flex-col gap-6">
      <ReadOnlyNote />
      <Source yaml={yaml} onChange={setYaml} area={area} problem={isTooLong ? 'Longer than 128 KB.' : undefined} />
      {isAsked && !isTooLong && yaml.trim() !== '' && (
        <Preview
          preview={preview}
          // What is shown belongs to another text until the newest is looked at.
          isOld={settled !== yaml || preview.isPlaceholderData}
          isBusy={take.isPending}
          onLine={showLine}
          onImport={() => take.mutate({ yaml })}
        />
      )}
    </div>
  )
}

interface SourceProps {
  yaml: string
  onChange: (yaml: string) => void
  area: React.RefObject<HTMLTextAreaElement | null>
  problem: string | undefined
}

function Source({ yaml, onChange, area, problem }: SourceProps) {
  const { openText } = usePlatform()
  const failed = (thrown: unknown) =>
    toastFailure({
      message: thrown instanceof Error ? thrown.message : 'The file could not be read.',
      hint: 'Paste its text instead.',
    })
  const open = () => {
    openText().then((text) => text !== undefined && onChange(text), failed)
  }
  const drop = (event: DragEvent) => {
    const file = event.dataTransfer.files[0]
    if (file === undefined) return
    event.preventDefault()
    file.text().then(onChange, failed)
  }
  return (
    <Card
      title="A gateway.yaml"
      actions={
        <>
          {yaml !== '' && (
            <Button kind="quiet" onClick={() => onChange('')}>
              Clear
            </Button>
          )}
          <Button icon={FolderOpen} onClick={open}>
            Open a file
          </Button>
        </>
      }
    >
      <div onDrop={drop}>
        <TextArea
          ref={area}
          label="Text of the configuration"
          hidesLabel
          help="It takes the place of the whole configuration; you see first what changes, and can undo it after."
          error={problem}
          isMono
          rows={yaml === '' ? 6 : 14}
          wrap="off"
          placeholder="Paste a gateway.yaml here, drop the file, or open it."
          value={yaml}
          onChange={onChange}
        />
      </div>
    </Card>
  )
}

import { clsx } from 'clsx'
import { Download, Play } from 'lucide-react'
import type { MethodOutput } from '../../../gateway/contract.ts'
import { usePlatform } from '../../client/platform.tsx'
import { useMethod } from '../../client/query.ts'
import { useCommands } from '../../lib/commands.tsx'
import { StatusDot } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Card, PageBody, PageHeader } from '../../ui/layout.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { toast, toastFailure } from '../../ui/toast.tsx'
import { CheckList, WaitingList } from './check-list.tsx'
import { summarise } from './check-words.ts'
import { useRevealed } from './use-revealed.ts'

/** Named checks, what to do about what they find, and a report to hand on. Runs when it is opened: it spends nothing. */
export function Page() {
  const diagnosis = useMethod('diagnostics.run', {}, { staleMs: Infinity })
  const again = () => void diagnosis.refetch()
  useCommands([{ id: 'diagnostics run', title: 'Run the checks again', group: 'Actions', run: again }])
  return (
    <PageBody>
      <PageHeader
        title="Diagnostics"
        description="Looks into everything the gateway needs. Providers are asked for their models only, which costs nothing."
      >
        <Button icon={Play} onClick={again} isBusy={diagnosis.isFetching}>
          {diagnosis.isFetching ? 'Running' : 'Run again'}
        </Button>
      </PageHeader>
      {diagnosis.error !== null && <ErrorNote error={diagnosis.error} />}
      {diagnosis.data === undefined && diagnosis.error === null && (
        <Card isFlush>
          <WaitingList />
        </Card>
      )}
      {diagnosis.data !== undefined && (
        <Results diagnosis={diagnosis.data} run={diagnosis.dataUpdatedAt} isOld={diagnosis.isFetching} />
      )}
    </PageBody>
  )
}

interface ResultsProps {
  diagnosis: MethodOutput<'diagnostics.run'>
  /** When it was made. */
  run: number
  isOld: boolean
}

function Results({ diagnosis, run, isOld }: ResultsProps) {
  const { checks, report } = diagnosis
  const shown = useRevealed(checks.length, run)
  const isDone = shown === checks.length
  const { tone, text } = summarise(checks)
  return (
    <>
      <div className={clsx(isOld && 'dimmed')}>
        <Card isFlush>
          <output className="flex h-11 items-center gap-3 border-b border-line px-4 font-medium">
            {isDone ? (
              <>
                <StatusDot tone={tone} label="Result" /> {text}
              </>
            ) : (
              <span className="text-muted">
                {shown} of {checks.length} checks
              </span>
            )}
          </output>
          <CheckList checks={checks} shown={shown} />
        </Card>
      </div>
      {isDone && <Report report={report} />}
    </>
  )
}

function Report({ report }: { report: string }) {
  const { saveText } = usePlatform()
  const save = () => {
    saveText('llm-gateway-diagnostics.md', report).then(
      (isSaved) => isSaved && toast('The report is saved'),
      (thrown: unknown) =>
        toastFailure({
          message: thrown instanceof Error ? thrown.message : 'The file could not be written.',
          hint: 'Copy the report instead.',
        }),
    )
  }
  return (
    <Card
      title="Report"
      actions={
        <>
          <CopyButton text={report} label="Copy" hasText size="medium" />
          <Button icon={Download} onClick={save}>
            Save as file
          </Button>
        </>
      }
    >
      <p className="mb-3 text-muted">
        For a bug report or a colleague. Keys, your name, your home folder and the name of this machine are taken out;
        read it through all the same.
      </p>
      <Code text={report} label="Copy the report" maxHeight={280} />
    </Card>
  )
}

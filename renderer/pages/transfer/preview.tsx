import { clsx } from 'clsx'
import { Link } from 'wouter'
import type { UseQueryResult } from '@tanstack/react-query'
import type { MethodOutput } from '../../../gateway/contract.ts'
import type { CallFailure } from '../../client/client.ts'
import { useMethod } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/layout.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { ChangeList } from './change-list.tsx'
import { countChanges, newOpenAddress } from './change-words.ts'
import { readProblem } from './problem.ts'

type Found = MethodOutput<'config.preview'>

export interface PreviewProps {
  preview: UseQueryResult<Found, CallFailure>
  isOld: boolean
  isBusy: boolean
  onLine: (line: number) => void
  onImport: () => void
}

/** What would change, what is wrong with it, and the button that does it. */
export function Preview({ preview, isOld, isBusy, onLine, onImport }: PreviewProps) {
  if (preview.error !== null) return <ErrorNote error={preview.error} />
  if (preview.data === undefined) return <SkeletonRows rows={4} />
  const { changes, problems, missingKeys } = preview.data
  const openAddress = newOpenAddress(changes)
  const canImport = problems.length === 0 && changes.length > 0
  return (
    <div aria-busy={isOld} className={clsx('flex flex-col gap-4', isOld && 'dimmed')}>
      {problems.length > 0 && <Problems problems={problems} onLine={onLine} />}
      {missingKeys.length > 0 && <MissingKeys names={missingKeys} />}
      {openAddress !== undefined && <OpenAddress address={openAddress} />}
      <Card
        isFlush
        title={changes.length === 0 ? 'Changes' : `Changes: ${countChanges(changes)}`}
        actions={
          <Button kind="primary" disabled={!canImport || isOld} isBusy={isBusy} onClick={onImport}>
            Import
          </Button>
        }
      >
        {changes.length === 0 ? (
          <p className="px-4 pt-2 pb-4 text-muted">
            {problems.length === 0
              ? 'Nothing would change: the configuration is like this already.'
              : 'Correct the problems above to see what would change.'}
          </p>
        ) : (
          <ChangeList changes={changes} />
        )}
      </Card>
    </div>
  )
}

function Problems({ problems, onLine }: { problems: readonly string[]; onLine: (line: number) => void }) {
  return (
    <Note
      kind="bad"
      isAlert
      title={
        problems.length === 1
          ? 'One problem keeps it from being imported'
          : `${problems.length} problems keep it from being imported`
      }
      text={
        <ul className="mt-1 flex flex-col gap-1">
          {problems.map(readProblem).map(({ line, text }) => (
            <li key={`${line} ${text}`} className="flex items-baseline gap-3">
              {line !== undefined && (
                <button
                  type="button"
                  onClick={() => onLine(line)}
                  className="shrink-0 rounded-small text-accent-ink underline underline-offset-2"
                >
                  Line {line}
                </button>
              )}
              <span className="text-ink">{text}</span>
            </li>
          ))}
        </ul>
      }
    />
  )
}

function OpenAddress({ address }: { address: string }) {
  return (
    <Note
      kind="warn"
      title={`After the next start other machines could reach the gateway (${address})`}
      text="Where calls without a key are accepted, whoever reaches it can use your keys. See Access in Settings."
    />
  )
}

function MissingKeys({ names }: { names: readonly string[] }) {
  const isDesktop = useMethod('status.get', {}).data?.shell === 'desktop'
  return (
    <Note
      kind="warn"
      title={`${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} referred to, and nowhere to be found`}
      text={
        <>
          {isDesktop
            ? 'Providers without their key do not answer. After the import add the keys on the '
            : `Set ${names.length === 1 ? 'it' : 'them'} in the environment before the next start, or the gateway does not start. Keys can also be added on the `}
          <Link href="/providers" className="rounded-small text-accent-ink underline underline-offset-2">
            Providers page
          </Link>
          .
        </>
      }
    />
  )
}

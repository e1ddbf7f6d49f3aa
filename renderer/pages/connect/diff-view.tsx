import { clsx } from 'clsx'
import type { ToolPreview } from '../../../gateway/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { diffLines, type DiffLine } from './tool-words.ts'

const looks: Record<DiffLine['kind'], { sign: string; line: string; spoken: string }> = {
  added: { sign: '+', line: 'bg-good-soft', spoken: 'Added: ' },
  removed: { sign: '-', line: 'bg-bad-soft', spoken: 'Removed: ' },
  same: { sign: ' ', line: '', spoken: '' },
  place: { sign: ' ', line: 'text-faint', spoken: '' },
}

/** What would be written into one file, line by line. The key is masked by the gateway. */
export function DiffView({ file: { path, isNew, diff } }: { file: ToolPreview['files'][number] }) {
  return (
    <section aria-label={`Changes of ${path}`} className="overflow-hidden rounded-card border border-line">
      <div className="flex items-center gap-2 border-b border-line px-3 py-1.5">
        <code className="min-w-0 truncate">{path}</code>
        {isNew && <Badge tone="accent">new file</Badge>}
      </div>
      {diff === '' ? (
        <p className="px-3 py-2 text-muted">Stays as it is.</p>
      ) : (
        <pre
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get into it
          tabIndex={0}
          aria-label={`Difference in ${path}`}
          className="max-h-72 overflow-auto py-1"
        >
          {diffLines(diff).map(({ kind, text }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- lines repeat, and are never moved
            <div key={index} className={clsx('min-w-max px-3', looks[kind].line)}>
              <span className="sr-only">{looks[kind].spoken}</span>
              <span aria-hidden className="mr-2 select-none text-faint">
                {looks[kind].sign}
              </span>
              {text}
            </div>
          ))}
        </pre>
      )}
    </section>
  )
}

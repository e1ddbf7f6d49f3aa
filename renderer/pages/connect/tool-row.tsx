import type { Tool } from '../../../gateway/contract.ts'
import { StatusDot } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Count, RelativeTime } from '../../ui/values.tsx'
import { actionOf, stateOf } from './tool-words.ts'

/** One tool: is it connected, with which model, is it used. */
export function ToolRow({ tool, onOpen }: { tool: Tool; onOpen: () => void }) {
  const { tone, words } = stateOf(tool)
  return (
    <li className="flex items-center gap-4 border-t border-line px-4 py-2.5 first:border-t-0">
      <StatusDot tone={tone} label={words} />
      <div className="min-w-0 flex-1">
        <p className="truncate">
          <button type="button" onClick={onOpen} className="rounded-small font-medium hover:underline">
            {tool.name}
          </button>
          {tool.chosenModel !== null && <span className="ml-2 font-mono text-mono text-muted">{tool.chosenModel}</span>}
        </p>
        <p className="truncate text-small text-muted">{tool.stateDetail ?? detailOf(tool, words)}</p>
      </div>
      {tool.calls > 0 && (
        <p className="shrink-0 text-right text-small text-muted max-medium:hidden">
          <Count count={tool.calls} /> {tool.calls === 1 ? 'call' : 'calls'} in 30 days
          <br />
          last <RelativeTime time={tool.lastUsedAt} />
        </p>
      )}
      <Button size="small" kind="plain" onClick={onOpen} aria-label={`${actionOf(tool)} ${tool.name}`}>
        {actionOf(tool)}
      </Button>
    </li>
  )
}

function detailOf({ kind, state, summary, detectedBy }: Tool, words: string): string {
  if (kind === 'copy') return summary
  if (state === 'no') return detectedBy === null ? summary : `${words}. ${detectedBy}.`
  return `${words}. ${summary}`
}

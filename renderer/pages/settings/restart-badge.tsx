import type { ReactNode } from 'react'
import { Badge } from '../../ui/badge.tsx'
import type { SettingsEditor } from './queries.ts'

/** Said at each setting that is not taken up at once: before it is changed, and after. */
export function RestartBadge({ editor, name }: { editor: Pick<SettingsEditor, 'restart' | 'waiting'>; name: string }) {
  if (editor.waiting.includes(name)) return <Badge tone="warn">waits for a restart</Badge>
  if (editor.restart.includes(name)) return <Badge>counts after a restart</Badge>
  return null
}

/** A help text with the badge behind it; undefined: nothing to say. */
export function helpWithRestart(
  editor: Pick<SettingsEditor, 'restart' | 'waiting'>,
  name: string,
  text?: string,
): ReactNode {
  if (!editor.restart.includes(name) && !editor.waiting.includes(name)) return text
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      {text}
      <RestartBadge editor={editor} name={name} />
    </span>
  )
}

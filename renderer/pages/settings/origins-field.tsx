import { TextArea } from '../../ui/text-area.tsx'
import { readOrigins } from './origins.ts'
import { useCheckedDraft } from './use-checked-draft.ts'

export interface OriginsFieldProps {
  origins: readonly string[]
  isUsed: boolean
  onChange: (origins: string[]) => void
}

/** The web pages that may, one a line; saved when the field is left. */
export function OriginsField({ origins, isUsed, onChange }: OriginsFieldProps) {
  const draft = useCheckedDraft(origins.join('\n'), (text) => {
    const read = readOrigins(text)
    if ('problem' in read) return read.problem
    if (read.origins.join('\n') !== origins.join('\n')) onChange(read.origins)
    return undefined
  })
  return (
    <TextArea
      label="Web pages that may"
      help={helpOf(origins, isUsed)}
      isMono
      rows={Math.min(8, Math.max(2, origins.length + 1))}
      placeholder="http://localhost:3000"
      {...draft.field}
    />
  )
}

function helpOf(origins: readonly string[], isUsed: boolean): string {
  if (!isUsed) return 'They have no effect while web pages are kept out.'
  if (origins.includes('*')) return '“*” lets every web page that is open in a browser here use your keys.'
  return 'One origin a line, like http://localhost:3000. A request from any other page is refused.'
}

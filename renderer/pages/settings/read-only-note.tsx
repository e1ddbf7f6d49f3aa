import { useMethod } from '../../client/query.ts'
import { Note } from '../../ui/notes.tsx'

/** Where edits would go nowhere, it is said before somebody makes them. */
export function ReadOnlyNote() {
  const status = useMethod('status.get', {}).data
  if (status?.configHome !== 'none') return null
  return (
    <Note
      title="This gateway runs without a configuration file, so nothing can be changed here."
      text="Start it with --config gateway.yaml, then changes are written into that file."
    />
  )
}

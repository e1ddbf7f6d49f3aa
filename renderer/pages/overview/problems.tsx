import { useQueryClient } from '@tanstack/react-query'
import type { TimeRange } from '../../lib/range.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { useForecast, useGroups, useLatency, useRecentErrors, useSummary } from './queries.ts'

/** What could not be read, each reason once, however many parts of the page it concerns. */
export function Problems({ range }: { range: TimeRange }) {
  const queries = useQueryClient()
  const answers = [
    useSummary(range),
    useGroups(range, 'model'),
    useGroups(range, 'key'),
    useLatency(range),
    useForecast(),
    useRecentErrors(),
  ]
  const errors = new Map(answers.flatMap(({ error }) => (error === null ? [] : [[error.message, error] as const])))
  const again = () => void queries.invalidateQueries({ predicate: ({ state }) => state.status === 'error' })
  return [...errors.values()].map((error) => (
    <ErrorNote key={error.message} error={error} action={<Button onClick={again}>Try again</Button>} />
  ))
}

/** In place of a part whose reason stands at the top of the page. */
export function Unread() {
  return <p className="text-muted">Could not be read</p>
}

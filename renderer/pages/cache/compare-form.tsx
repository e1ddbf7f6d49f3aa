import { useState } from 'react'
import type { SemanticComparison } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { TextArea } from '../../ui/text-area.tsx'

/** Tries two questions: would the second get the first one's answer? */
export function CompareForm() {
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const compare = useAct('cache.compare', { saved: false, toastErrors: false })
  return (
    <form
      className="flex flex-col gap-3 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault()
        compare.mutate({ first, second })
      }}
    >
      <h3 className="font-medium">Compare two questions</h3>
      <div className="grid grid-cols-2 gap-4">
        <TextArea label="First" rows={2} maxLength={2000} value={first} onChange={setFirst} />
        <TextArea label="Second" rows={2} maxLength={2000} value={second} onChange={setSecond} />
      </div>
      <div className="flex items-center gap-4">
        <Button type="submit" disabled={first.trim() === '' || second.trim() === ''} isBusy={compare.isPending}>
          Compare
        </Button>
        {compare.data !== undefined && <Comparison result={compare.data} />}
      </div>
      {compare.error !== null && <ErrorNote error={compare.error} />}
    </form>
  )
}

function Comparison({ result: { similarity, guard, wouldHit, problem } }: { result: SemanticComparison }) {
  if (problem !== null) return <Note kind="warn" title="They could not be compared." text={problem} />
  return (
    <p aria-live="polite">
      {similarity !== null && `Similarity ${similarity.toFixed(3)}: `}
      {wouldHit ? 'the second would get the first one’s answer.' : 'the second would be asked anew'}
      {!wouldHit && (guard === null ? ', they are not alike enough.' : `: ${guard}.`)}
    </p>
  )
}

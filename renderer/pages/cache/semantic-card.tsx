import { useState } from 'react'
import type { CacheState, SemanticState } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/layout.tsx'
import { Note } from '../../ui/notes.tsx'
import { Count, Money } from '../../ui/values.tsx'
import { CompareForm } from './compare-form.tsx'
import { SemanticDialog } from './semantic-dialog.tsx'
import { SimilarAnswers } from './similar-answers.tsx'
import { writeSize } from './size.ts'

/** Answers to questions that mean the same: off unless somebody asks for it. */
export function SemanticCard({ state }: { state: CacheState }) {
  const { semantic, enabled, ttlMs } = state
  const [isOpen, setOpen] = useState(false)
  const save = useAct('cache.semantic', {
    saved: ({ settings }) => (settings === null ? 'Similar questions are asked again' : 'Saved'),
  })
  return (
    <Card
      title="Similar questions"
      actions={
        semantic === null ? (
          <Button disabled={!enabled} onClick={() => setOpen(true)}>
            Turn it on…
          </Button>
        ) : (
          <>
            <Button onClick={() => setOpen(true)}>Change…</Button>
            <Button onClick={() => save.mutate({ settings: null })}>Turn it off</Button>
          </>
        )
      }
    >
      {semantic === null ? (
        <p className="text-muted">
          A question that means the same as an earlier one can be answered with its answer. It is off, because questions
          that look alike can want different answers: no measure of likeness tells them apart for sure. It works for the
          aliases you name, and never with tools, images, or where numbers, names or a “not” differ.
          {enabled ? '' : ' Turn on “Keep answers” first.'}
        </p>
      ) : (
        <Running semantic={semantic} />
      )}
      {isOpen && (
        <SemanticDialog
          settings={semantic === null ? null : settingsOf(semantic)}
          cacheTtlMs={ttlMs}
          onClose={() => setOpen(false)}
          onSave={(settings) => save.mutate({ settings })}
        />
      )}
    </Card>
  )
}

function settingsOf({ aliases, embedding, threshold, ttlMs, maxEntries, timeoutMs }: SemanticState) {
  return { aliases, embedding, threshold, ttlMs, maxEntries, timeoutMs }
}

function Running({ semantic }: { semantic: SemanticState }) {
  const { aliases, embedding, threshold, embeddingProblem, recent } = semantic
  return (
    <div className="flex flex-col gap-5">
      <p>
        For <span className="font-medium">{aliases.join(', ')}</span>: alike by {threshold} at least, with vectors of{' '}
        <span className="font-medium">
          {embedding.provider} {embedding.model}
        </span>
        .
      </p>
      {embeddingProblem !== null && (
        <Note
          kind="warn"
          title="Questions get no vectors at present, so none is found similar."
          text={`${embeddingProblem} Calls are answered as usual.`}
        />
      )}
      <SemanticFigures semantic={semantic} />
      {recent.length > 0 && <SimilarAnswers recent={recent} />}
      <CompareForm />
    </div>
  )
}

function SemanticFigures({ semantic }: { semantic: SemanticState }) {
  const { hits, savedNanoUsd, refusedByGuard, entries, bytes, maxEntries } = semantic
  const figures = [
    { title: 'Answered today', value: <Count count={hits.today} />, note: `${hits.month.toLocaleString()} this month` },
    {
      title: 'Saved today',
      value: <Money nanoUsd={savedNanoUsd.today} />,
      note: (
        <>
          <Money nanoUsd={savedNanoUsd.month} /> this month, embeddings not taken off
        </>
      ),
    },
    { title: 'Alike, but refused', value: <Count count={refusedByGuard} />, note: 'the texts differ where it matters' },
    {
      title: 'Questions kept',
      value: <Count count={entries} />,
      note: `of ${maxEntries.toLocaleString()}, ${writeSize(bytes)}`,
    },
  ]
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(160px,1fr))] gap-4">
      {figures.map(({ title, value, note }) => (
        <div key={title}>
          <dt className="text-muted">{title}</dt>
          <dd>
            <span className="text-section font-semibold">{value}</span>
            <span className="block text-small text-muted">{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

import type { ReactNode } from 'react'
import type { CacheState } from '../../../gateway/contract.ts'
import { Card } from '../../ui/layout.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Count, Money, Percent } from '../../ui/values.tsx'
import { hitRate } from './cache-words.ts'
import { writeSize } from './size.ts'

/** What the cache is worth: money, hits, and the memory it takes. */
export function Figures({ state }: { state: CacheState }) {
  const { hits, misses, savedNanoUsd, bytes, maxBytes, entries } = state
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(210px,1fr))] gap-4">
      <Figure
        title="Saved"
        main={<Money nanoUsd={savedNanoUsd.today} />}
        mainNote="today"
        lines={[
          ['This month', <Money key="month" nanoUsd={savedNanoUsd.month} />],
          ['Ever', <Money key="ever" nanoUsd={savedNanoUsd.ever} />],
        ]}
      />
      <Figure
        title="Hit rate"
        main={<Percent share={hitRate(hits.today, misses.today)} />}
        mainNote="today"
        lines={[
          ['This month', <Hits key="month" hits={hits.month} misses={misses.month} />],
          ['Ever', <Hits key="ever" hits={hits.ever} misses={misses.ever} />],
        ]}
      />
      <Figure
        title="In memory"
        main={<span title={`${bytes.toLocaleString('en-US')} bytes`}>{writeSize(bytes)}</span>}
        mainNote={`of ${writeSize(maxBytes)}`}
        lines={[
          [
            'Used',
            <span key="used" className="inline-flex w-28 items-center gap-2">
              <ProgressBar label="Memory used by the cache" share={bytes / maxBytes} />
              <Percent share={bytes / maxBytes} />
            </span>,
          ],
          ['Answers', <Count key="answers" count={entries} />],
        ]}
      />
    </div>
  )
}

function Hits({ hits, misses }: { hits: number; misses: number }) {
  return (
    <>
      <span
        className="text-muted"
        title={`${hits.toLocaleString('en-US')} of ${(hits + misses).toLocaleString('en-US')}`}
      >
        <Count count={hits} /> hits
      </span>
      <span className="inline-block w-12 text-right">
        <Percent share={hitRate(hits, misses)} />
      </span>
    </>
  )
}

interface FigureProps {
  title: string
  main: ReactNode
  mainNote: string
  lines: readonly (readonly [label: string, value: ReactNode])[]
}

function Figure({ title, main, mainNote, lines }: FigureProps) {
  return (
    <Card title={title}>
      <p className="flex items-baseline gap-2">
        <span className="text-figure font-semibold">{main}</span>
        <span className="text-muted">{mainNote}</span>
      </p>
      <dl className="mt-2 flex flex-col gap-0.5">
        {lines.map(([label, value]) => (
          <div key={label} className="flex items-center justify-between gap-3">
            <dt className="whitespace-nowrap text-muted">{label}</dt>
            <dd className="flex items-center gap-1 whitespace-nowrap">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import { useSearchParams } from 'wouter'
import { Section } from '../../ui/layout.tsx'

export interface GroupProps {
  /** `/settings?group=network` scrolls to it. */
  id: string
  title: string
  description?: ReactNode
  children: ReactNode
}

/** Settings that belong together, in a column that can be read. */
export function Group({ id, title, description, children }: GroupProps) {
  const [search] = useSearchParams()
  const place = useRef<HTMLDivElement>(null)
  const isWanted = search.get('group') === id
  useEffect(() => {
    if (!isWanted) return
    place.current?.scrollIntoView()
    place.current?.focus({ preventScroll: true })
  }, [isWanted])
  return (
    <div ref={place} tabIndex={-1} className="scroll-mt-4">
      <Section title={title} description={description}>
        <div className="flex max-w-[600px] min-w-0 flex-col gap-5">{children}</div>
      </Section>
    </div>
  )
}

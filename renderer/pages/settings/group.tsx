import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { useSearchParams } from 'wouter'
import { Section } from '../../ui/layout.tsx'
import { titleOf, type SettingGroup } from './setting-groups.ts'

export interface GroupProps {
  /** `/settings?group=network` scrolls to it. */
  id: SettingGroup
  description?: ReactNode
  children: ReactNode
}

const idOf = (group: string) => `settings-${group}`

/** Settings that belong together, in a column that can be read. */
export function Group({ id, description, children }: GroupProps) {
  return (
    <div id={idOf(id)} tabIndex={-1}>
      <Section title={titleOf(id)} description={description}>
        <div className="flex max-w-[600px] min-w-0 flex-col gap-5">{children}</div>
      </Section>
    </div>
  )
}

/** Goes to the group that the address names, as soon as everything above it is there. */
export function useWantedGroup(isReady: boolean): void {
  const [search] = useSearchParams()
  const wanted = search.get('group')
  useEffect(() => {
    if (!isReady || wanted === null) return undefined
    // A new page is scrolled to its top first, by the frame.
    const frame = requestAnimationFrame(() => {
      const place = document.getElementById(idOf(wanted))
      const page = place?.closest('main')
      if (place === null || page === null || page === undefined) return
      // scrollIntoView would move the frame as well.
      page.scrollTop += place.getBoundingClientRect().top - page.getBoundingClientRect().top
      place.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [isReady, wanted])
}

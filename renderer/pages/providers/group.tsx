import { useId, type ReactNode } from 'react'

/** A part of a drawer, with a heading. */
export function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4">
      <h3 id={id} className="border-b border-line pb-1 font-semibold">
        {title}
      </h3>
      {children}
    </section>
  )
}

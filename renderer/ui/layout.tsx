import { clsx } from 'clsx'
import { useId, type ReactNode } from 'react'

/** The column of a page: at most 1,240 px, 24 px padding. Every page is one, except those that fill the window. */
export function PageBody({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={clsx('mx-auto flex w-full max-w-[1240px] flex-col gap-6 p-6', className)}>{children}</div>
}

export interface PageHeaderProps {
  title: string
  /** One quiet sentence: what this page is for, or what it found. */
  description?: ReactNode
  /** Buttons at the right. */
  children?: ReactNode
}

/** The page's name and what can be done with all of it. */
export function PageHeader({ title, description, children }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <div className="min-w-0">
        <h1 className="text-page font-semibold">{title}</h1>
        {description !== undefined && <p className="text-muted">{description}</p>}
      </div>
      {children !== undefined && <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </header>
  )
}

export interface CardProps {
  title?: ReactNode
  /** Small controls at the right of the title. */
  actions?: ReactNode
  /** Content reaches the edges (tables, lists). */
  isFlush?: boolean
  className?: string
  children: ReactNode
}

/** A surface for one thing. Not inside another card. */
export function Card({ title, actions, isFlush = false, className, children }: CardProps) {
  const id = useId()
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={clsx('flex min-w-0 flex-col rounded-card border border-line bg-card', className)}
    >
      {title !== undefined && (
        <div className="flex min-h-11 flex-wrap items-center justify-between gap-2 px-4 pt-2">
          <h2 id={id} className="text-section font-semibold">
            {title}
          </h2>
          {actions !== undefined && <div className="flex items-center gap-2">{actions}</div>}
        </div>
      )}
      <div className={clsx('min-w-0 flex-1', !isFlush && (title === undefined ? 'p-4' : 'px-4 pt-2 pb-4'))}>
        {children}
      </div>
    </section>
  )
}

export interface SectionProps {
  title: string
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** A part of a page of settings: title and description at the left, controls at the right, a hairline above. */
export function Section({ title, description, actions, children }: SectionProps) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-8 gap-y-4 border-t border-line pt-6 medium:grid-cols-[240px_1fr]"
    >
      <div>
        <h2 id={id} className="text-section font-semibold">
          {title}
        </h2>
        {description !== undefined && <p className="mt-1 text-muted">{description}</p>}
        {actions !== undefined && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
      </div>
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
    </section>
  )
}

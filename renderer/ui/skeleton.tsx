import { clsx } from 'clsx'

/** The place of something that is on its way; seen only after 300 ms. `className` gives its size. */
export function Skeleton({ className = 'h-4 w-32' }: { className?: string }) {
  return <span aria-hidden className={clsx('appear-late block rounded-control bg-hover', className)} />
}

/** Several lines of it, for lists and tables. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <output aria-label="Loading" className="flex flex-col gap-3 p-4">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className={clsx('h-4', row % 3 === 2 ? 'w-2/3' : 'w-full')} />
      ))}
    </output>
  )
}

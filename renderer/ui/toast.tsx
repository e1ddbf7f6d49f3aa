import { toast as show, Toaster as Sonner } from 'sonner'
import type { Theme } from '../lib/theme.ts'

/** Says something in passing. */
export function toast(text: string): void {
  show(text)
}

/** "Saved", with Undo for a while when there is a way back. */
export function toastSaved(text: string, options: { durationMs?: number; undo?: (() => void) | undefined } = {}): void {
  const { durationMs = 10_000, undo } = options
  show(
    text,
    undo === undefined ? { duration: 2_500 } : { duration: durationMs, action: { label: 'Undo', onClick: undo } },
  )
}

/** What happened and what to do about it; stays until it is read. */
export function toastFailure(failure: { message: string; hint?: string | null }): void {
  show.error(failure.message, { description: failure.hint ?? undefined, duration: 15_000, closeButton: true })
}

/** Where toasts appear. Mounted once. */
export function Toaster({ theme }: { theme: Theme }) {
  return (
    <Sonner
      theme={theme}
      position="bottom-center"
      gap={8}
      offset={16}
      // Its own stylesheet names another one.
      style={{ fontFamily: 'inherit' }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-[340px] items-center gap-3 rounded-card bg-raised px-4 py-3 text-body text-ink shadow-popover data-[type=error]:items-start',
          content: 'min-w-0 flex-1',
          title: 'font-medium',
          description: 'text-small text-muted',
          icon: 'text-bad [&>svg]:size-4',
          actionButton: 'ml-auto shrink-0 rounded-control px-2 py-1 font-medium text-accent-ink hover:bg-hover',
          closeButton: 'order-last shrink-0 rounded-control p-1 text-muted hover:bg-hover [&>svg]:size-4',
        },
      }}
    />
  )
}

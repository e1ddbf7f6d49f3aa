import { clsx } from 'clsx'
import { CopyButton } from './copy-button.tsx'

export interface CodeProps {
  text: string
  /** What it is, for the copy button: `Copy the command`. */
  label?: string
  /** Long lines wrap instead of scrolling. */
  wraps?: boolean
  /** Scrolls beyond this height in pixels. */
  maxHeight?: number
}

/** A block of code or a command, with a button to copy it. */
export function Code({ text, label = 'Copy', wraps = false, maxHeight }: CodeProps) {
  return (
    <div className="relative min-w-0 rounded-control bg-sunken">
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get into it
        tabIndex={0}
        aria-label={label}
        style={maxHeight === undefined ? undefined : { maxHeight }}
        className={clsx('overflow-auto py-2 pr-10 pl-3', wraps && 'wrap-anywhere whitespace-pre-wrap')}
      >
        {text}
      </pre>
      <CopyButton text={text} label={label} className="absolute top-1.5 right-1.5" />
    </div>
  )
}

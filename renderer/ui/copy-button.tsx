import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { usePlatform } from '../client/platform.tsx'
import { Button, IconButton } from './button.tsx'
import { toastFailure } from './toast.tsx'

export interface CopyButtonProps {
  /** What is copied; a function where it is costly to write. */
  text: string | (() => string)
  /** What is copied, in words: `Copy the address`. */
  label: string
  /** Shows the label beside the sign. */
  hasText?: boolean
  size?: 'small' | 'medium'
  className?: string
  onCopied?: () => void
}

/** Copies, and shows for a moment that it did. */
export function CopyButton({ text, label, hasText = false, size = 'small', className, onCopied }: CopyButtonProps) {
  const { copy } = usePlatform()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 1_500)
    return () => clearTimeout(timer)
  }, [copied])
  const press = () => {
    copy(typeof text === 'function' ? text() : text).then(
      () => {
        setCopied(true)
        onCopied?.()
      },
      () =>
        toastFailure({ message: 'It could not be copied.', hint: 'Select the text and copy it with the keyboard.' }),
    )
  }
  const shared = {
    icon: copied ? Check : Copy,
    size,
    onClick: press,
    ...(className === undefined ? {} : { className }),
  }
  return (
    <>
      {hasText ? (
        <Button {...shared} kind="plain">
          {copied ? 'Copied' : label}
        </Button>
      ) : (
        <IconButton {...shared} label={copied ? 'Copied' : label} />
      )}
      <output className="sr-only">{copied ? 'Copied' : ''}</output>
    </>
  )
}

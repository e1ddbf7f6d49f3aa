import { clsx } from 'clsx'
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { useFocusBack } from './use-focus-back.ts'

export interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  /** Buttons at the foot; the one that goes on stands last. */
  footer?: ReactNode
  /** In pixels. */
  width?: number
  /** A click beside it does not close it: what it shows is shown once. */
  holds?: boolean
  children?: ReactNode
}

const overlayClass = 'appear fixed inset-0 z-40 bg-overlay'

/** Something to be dealt with before anything else. Escape closes it, focus stays in it and goes back after. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, footer, width = 480, holds = false, children } = props
  const giveFocusBack = useFocusBack(open)
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          style={{ width }}
          onCloseAutoFocus={giveFocusBack}
          onInteractOutside={(event) => holds && event.preventDefault()}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className="appear fixed top-[12vh] left-1/2 z-40 flex max-h-[76vh] max-w-[calc(100vw-32px)] -translate-x-1/2 flex-col rounded-card bg-raised shadow-popover"
        >
          <div className="pt-4 pr-12 pb-1 pl-5">
            <div className="min-w-0">
              <Radix.Title className="text-section font-semibold wrap-anywhere">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-1 text-muted">{description}</Radix.Description>
              )}
            </div>
          </div>
          {children !== undefined && <div className="min-h-0 overflow-y-auto px-5 py-3">{children}</div>}
          {footer !== undefined && <div className="flex flex-wrap justify-end gap-2 px-5 pt-2 pb-4">{footer}</div>}
          <CloseButton />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export interface ConfirmDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Names what will happen: `Remove the Anthropic key?` */
  title: string
  /** What depends on it: `3 aliases use it.` */
  text?: ReactNode
  /** A verb: `Remove`. */
  confirmLabel: string
  isDanger?: boolean
  onConfirm: () => void
}

/** A second question, for what cannot be undone. Where it can, do it and offer Undo instead. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, text, confirmLabel, isDanger = true, onConfirm } = props
  const confirm = () => {
    onOpenChange(false)
    onConfirm()
  }
  return (
    <Dialog
      {...{ open, onOpenChange, title, width: 420 }}
      description={text}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button kind={isDanger ? 'danger' : 'primary'} onClick={confirm}>
            {confirmLabel}
          </Button>
        </>
      }
    />
  )
}

export interface DrawerProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  footer?: ReactNode
  width?: number
  children: ReactNode
}

/** A panel from the right for details and longer forms. */
export function Drawer({ open, onOpenChange, title, description, footer, width = 520, children }: DrawerProps) {
  const giveFocusBack = useFocusBack(open)
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          style={{ width }}
          onCloseAutoFocus={giveFocusBack}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={clsx('slide-in fixed inset-y-0 right-0 z-40 flex max-w-[92vw] flex-col bg-raised shadow-popover')}
        >
          <div className="border-b border-line py-4 pr-14 pl-6">
            <div className="min-w-0">
              <Radix.Title className="text-section font-semibold wrap-anywhere">{title}</Radix.Title>
              {description !== undefined && <Radix.Description className="text-muted">{description}</Radix.Description>}
            </div>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-6 py-4">{children}</div>
          {footer !== undefined && (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-6 py-3">{footer}</div>
          )}
          <CloseButton />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Last in order, so that focus begins in the content; without a tooltip, which would open when focus does come to it. */
function CloseButton() {
  return (
    <Radix.Close asChild>
      <Button kind="quiet" size="small" aria-label="Close" className="absolute top-4 right-4 w-6 px-0!">
        <X aria-hidden className="size-3.5" strokeWidth={1.75} />
      </Button>
    </Radix.Close>
  )
}

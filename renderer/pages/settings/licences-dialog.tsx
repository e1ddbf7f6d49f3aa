import { lazy, Suspense } from 'react'
import { Dialog } from '../../ui/dialog.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'

// Some hundred kilobytes of text that hardly anybody opens.
const LicenceTexts = lazy(async () => ({ default: (await import('./licence-texts.tsx')).LicenceTexts }))

export interface LicencesDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** Our own licence and those of what the window is made of. */
export function LicencesDialog({ open, onOpenChange }: LicencesDialogProps) {
  return (
    <Dialog
      {...{ open, onOpenChange }}
      width={640}
      title="Licences"
      description="LLM Gateway is open source. These are its licence and those of the main parts it is built from."
    >
      <Suspense fallback={<SkeletonRows rows={8} />}>
        <LicenceTexts />
      </Suspense>
    </Dialog>
  )
}

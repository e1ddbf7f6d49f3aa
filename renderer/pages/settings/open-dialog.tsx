import type { Settings } from '../../../gateway/contract.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

export interface OpenDialogProps {
  /** The change that would open the gateway to the network; undefined: none is asked about. */
  edit: Partial<Settings> | undefined
  onSave: (edit: Partial<Settings>) => void
  onClose: () => void
}

/** The one change that is asked about before it is made: it lets strangers spend the user's money. */
export function OpenDialog({ edit, onSave, onClose }: OpenDialogProps) {
  const save = (more: Partial<Settings>) => {
    onClose()
    onSave({ ...edit, ...more })
  }
  return (
    <Dialog
      open={edit !== undefined}
      onOpenChange={onClose}
      width={520}
      title="Let everybody in your network use your keys?"
      description="Other machines would reach the gateway, and it would answer them without a key. Whoever finds it can send calls that you pay for, and see what was spent."
      footer={
        <>
          <Button kind="danger" onClick={() => save({})}>
            Let everybody in
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" onClick={() => save({ anonymous: false })}>
            Let only keys in
          </Button>
        </>
      }
    >
      <p className="text-muted">
        “Let only keys in” turns off calls without a key. Callers then need one of the keys on the Keys page; without
        such a key every call is refused.
      </p>
    </Dialog>
  )
}

import { Copy } from 'lucide-react'
import { usePlatform } from '../../client/platform.tsx'
import { toast } from '../../ui/toast.tsx'

/** The name, to be copied. A plain button: hundreds of rows with a tooltip each take a second to draw. */
export function ModelName({ id }: { id: string }) {
  const { copy } = usePlatform()
  return (
    <span className="group/name flex max-w-44 items-center gap-1 medium:max-w-60 wide:max-w-80">
      <span className="truncate font-mono text-mono" title={id}>
        {id}
      </span>
      <button
        type="button"
        aria-label={`Copy ${id}`}
        title="Copy the name"
        onClick={() => void copy(id).then(() => toast('Copied'))}
        className="shrink-0 rounded-small p-1 text-muted opacity-0 group-hover/name:opacity-100 hover:bg-hover focus-visible:opacity-100"
      >
        <Copy aria-hidden className="size-3" strokeWidth={1.75} />
      </button>
    </span>
  )
}

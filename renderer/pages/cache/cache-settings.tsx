import type { CacheState } from '../../../gateway/contract.ts'
import { Card } from '../../ui/layout.tsx'
import { DurationField } from '../../ui/number-field.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useConfigureCache } from './mutations.ts'
import { SizeField } from './size-field.tsx'

const dayMs = 86_400_000

/** On or off, how long, how much. */
export function CacheSettings({ state }: { state: CacheState }) {
  const configure = useConfigureCache()
  const { enabled, ttlMs, maxBytes } = state
  return (
    <Card>
      <div className="grid grid-cols-2 gap-x-8 gap-y-4 medium:grid-cols-[1fr_200px_200px]">
        <div className="max-medium:col-span-2">
          <Switch
            label="Keep answers"
            help="An identical request of the same caller is answered from memory: at once, and for nothing. Other callers never see it."
            checked={enabled}
            onChange={(checked) => configure.mutate({ enabled: checked, ttlMs, maxBytes })}
          />
        </div>
        <DurationField
          label="Keep each for"
          help="Like 30m, 1h or 7d."
          value={ttlMs}
          min={1000}
          max={365 * dayMs}
          isRequired
          onCommit={(value) => configure.mutate({ enabled, ttlMs: value ?? ttlMs, maxBytes })}
        />
        <SizeField
          label="Memory at most"
          help="Then the longest unused go."
          value={maxBytes}
          onCommit={(bytes) => configure.mutate({ enabled, ttlMs, maxBytes: bytes })}
        />
      </div>
    </Card>
  )
}

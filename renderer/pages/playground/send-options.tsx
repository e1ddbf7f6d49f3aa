import { NumberField } from '../../ui/number-field.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import type { Conversation } from './conversation.ts'
import type { PlaygroundStore } from './playground-store.ts'

/** What goes along with every message. Empty: the model's own. */
export function SendOptions({ conversation, store }: { conversation: Conversation; store: PlaygroundStore }) {
  const { system, temperature, maxTokens, useCache } = conversation
  const set = (change: Partial<Conversation>) => store.change((now) => ({ ...now, ...change }))
  return (
    <div className="flex flex-col gap-4">
      <TextArea
        label="System"
        rows={6}
        placeholder="How the model should behave. Optional."
        value={system}
        onChange={(text) => set({ system: text })}
      />
      <NumberField
        label="Temperature"
        isDecimal
        min={0}
        max={2}
        placeholder="the model's own"
        value={temperature ?? undefined}
        onCommit={(value) => set({ temperature: value ?? null })}
      />
      <NumberField
        label="Most tokens of the answer"
        min={1}
        max={1_000_000}
        placeholder="the model's own"
        value={maxTokens ?? undefined}
        onCommit={(value) => set({ maxTokens: value ?? null })}
      />
      <Switch
        label="Use the cache"
        help="The same question again costs nothing, while the cache is on."
        checked={useCache}
        onChange={(checked) => set({ useCache: checked })}
      />
    </div>
  )
}

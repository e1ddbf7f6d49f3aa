import { Eraser, SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { useMethod } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/dialog.tsx'
import { PageHeader } from '../../ui/layout.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { toastSaved } from '../../ui/toast.tsx'
import { Composer } from './composer.tsx'
import { clear, runningIds, sidesOf } from './conversation.ts'
import { ModelPicker } from './model-picker.tsx'
import { modelOptions } from './model-options.ts'
import { SendOptions } from './send-options.tsx'
import { TurnList } from './turn-list.tsx'
import { usePlayground } from './use-playground.ts'
import { useFirstModels, useSeedFromCall } from './use-seed.ts'

/** Try any alias or model, or two beside each other, and see what it costs. Calls go the way of every other call. */
export function Page() {
  const { conversation, store } = usePlayground()
  const [showsOptions, setShowsOptions] = useState(false)
  const aliases = useMethod('aliases.list', {}, { staleMs: 30_000 })
  const models = useMethod('models.list', {}, { staleMs: 30_000 })
  const options = modelOptions(aliases.data?.aliases ?? [], models.data?.models ?? [])
  useFirstModels(store, options)
  useSeedFromCall(store)
  const clearTurns = () => {
    const before = store.read()
    store.change(clear)
    toastSaved('Cleared', { undo: () => store.change((now) => ({ ...now, turns: before.turns })) })
  }
  const failure = aliases.error ?? models.error
  return (
    <div className="mx-auto flex h-full min-h-[440px] w-full max-w-[1240px] flex-col gap-4 px-6 pt-6">
      <PageHeader title="Playground">
        <Segmented
          label="How many models are asked"
          value={conversation.isComparing ? 'two' : 'one'}
          onChange={(mode) => store.change((now) => ({ ...now, isComparing: mode === 'two' }))}
          options={[
            { value: 'one', label: 'One model' },
            { value: 'two', label: 'Compare two' },
          ]}
        />
        <Button icon={SlidersHorizontal} className="medium:hidden" onClick={() => setShowsOptions(true)}>
          Options
        </Button>
        <Button
          icon={Eraser}
          disabled={conversation.turns.length === 0 || runningIds(conversation).length > 0}
          onClick={clearTurns}
        >
          Clear
        </Button>
      </PageHeader>
      {failure !== null && <ErrorNote error={failure} />}
      <div className="grid min-h-0 flex-1 gap-6 medium:grid-cols-[minmax(0,1fr)_240px]">
        <div className="flex min-h-0 min-w-0 flex-col gap-3">
          <div className="flex gap-4">
            {sidesOf(conversation).map((side) => (
              <ModelPicker
                key={side}
                label={conversation.isComparing ? `Model on the ${side}` : 'Model'}
                options={options}
                value={conversation.models[side]}
                onChange={(model) => store.change((now) => ({ ...now, models: { ...now.models, [side]: model } }))}
              />
            ))}
          </div>
          <TurnList {...{ conversation, store }} />
          <Composer {...{ conversation, store }} />
        </div>
        <aside aria-label="Options" className="hidden min-h-0 overflow-y-auto pb-6 medium:block">
          <SendOptions {...{ conversation, store }} />
        </aside>
      </div>
      <Drawer open={showsOptions} onOpenChange={setShowsOptions} title="Options" width={360}>
        <SendOptions {...{ conversation, store }} />
      </Drawer>
    </div>
  )
}

import { useEffect, useEffectEvent } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { useMethod } from '../../client/query.ts'
import { toast, toastFailure, toastSaved } from '../../ui/toast.tsx'
import { seedFrom } from './call-seed.ts'
import { stop } from './conversation.ts'
import type { ModelOption } from './model-options.ts'
import type { PlaygroundStore } from './playground-store.ts'

/** `/playground?call=<id>` takes a recorded call over, `/playground?model=<name>` its model alone; then the address is plain again. */
export function useSeedFromCall(store: PlaygroundStore): void {
  const [search] = useSearchParams()
  const [, go] = useLocation()
  const callId = search.get('call')
  const model = search.get('model')
  const detail = useMethod('traffic.get', { callId: callId ?? '' }, { enabled: callId !== null })
  const done = () => go('/playground', { replace: true })
  const take = useEffectEvent(() => {
    if (callId === null) {
      if (model === null) return
      store.change((now) => ({ ...now, models: { ...now.models, left: model } }))
      return done()
    }
    if (detail.error !== null) {
      toastFailure(detail.error)
      return done()
    }
    if (detail.data === undefined || detail.isPlaceholderData) return
    const before = store.read()
    const { conversation, leftOut } = seedFrom(detail.data)
    const { model: asked, ...rest } = conversation
    store.stop()
    store.change((now) => ({ ...stop(now), ...rest, isComparing: false, models: { ...now.models, left: asked } }))
    toastSaved('Taken over from the call', { undo: () => store.change(() => stop(before)) })
    if (leftOut !== undefined) toast(leftOut)
    done()
  })
  useEffect(() => {
    take()
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- once for each link and each answer
  }, [callId, model, detail.data, detail.error])
}

/** Something is chosen from the start: the first that is offered, and the next one to compare it with. */
export function useFirstModels(store: PlaygroundStore, options: readonly ModelOption[]): void {
  const first = options[0]?.value
  const second = options[1]?.value
  useEffect(() => {
    if (first === undefined) return
    store.change((now) => {
      const models = { left: now.models.left ?? first, right: now.models.right ?? second ?? first }
      return models.left === now.models.left && models.right === now.models.right ? now : { ...now, models }
    })
  }, [store, first, second])
}

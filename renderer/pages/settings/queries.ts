import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import type { DesktopSettings, Settings, UpdateState } from '../../../gateway/contract.ts'
import { useAct, useEvent, useMethod } from '../../client/query.ts'
import { toastSaved } from '../../ui/toast.tsx'
import type { UpdateStep } from './update-words.ts'

/** Known to this window only; lives as long as the window does. */
function useKept<Value>(name: string): [Value | undefined, (value: Value) => void] {
  const queries = useQueryClient()
  const key = ['window', name]
  const { data } = useQuery<Value>({ queryKey: key, queryFn: skipToken, gcTime: Infinity, staleTime: Infinity })
  return [data, (value) => void queries.setQueryData(key, value)]
}

export interface SettingsEditor {
  settings: Settings
  /** Names that count only after a restart. */
  restart: readonly string[]
  /** Of those, the ones that are changed and not in force. */
  waiting: readonly string[]
  save: (edit: Partial<Settings>) => void
}

/** `editor` is undefined until the settings are known. */
export function useSettingsEditor() {
  const query = useMethod('settings.get', {})
  const restart = query.data?.restart ?? []
  const save = useAct('settings.save', {
    saved: (edit) => (Object.keys(edit).some((name) => restart.includes(name)) ? 'Saved for the next start' : 'Saved'),
    optimistic: (cache, edit) =>
      cache.update('settings.get', (old) => ({
        ...old,
        settings: { ...old.settings, ...(edit as Partial<Settings>) },
      })),
  })
  const editor: SettingsEditor | undefined =
    query.data === undefined
      ? undefined
      : {
          settings: query.data.settings,
          restart,
          waiting: query.data.waiting,
          save: (edit) => save.mutate(edit),
        }
  return { query, editor }
}

/** The app's own settings answer with what they are now; undo saves what those that were changed were before. */
export function useDesktopSettings() {
  const query = useMethod('desktop.get', {})
  const save = useAct('desktop.save', {
    saved: false,
    optimistic: (cache, edit) =>
      cache.update('desktop.get', (old) => ({ ...old, ...(edit as Partial<DesktopSettings>) })),
  })
  return {
    settings: query.data,
    error: query.error,
    /** `onUndo`: for what follows a setting without being told. */
    save: (edit: Partial<DesktopSettings>, onUndo?: (before: DesktopSettings) => void) => {
      const before = query.data
      const undo = (was: DesktopSettings) => {
        save.mutate(pick(was, Object.keys(edit) as (keyof DesktopSettings)[]))
        onUndo?.(was)
      }
      save.mutate(edit, {
        onSuccess: () => toastSaved('Saved', before === undefined ? {} : { undo: () => undo(before) }),
      })
    },
  }
}

function pick<Value extends object>(from: Value, names: readonly (keyof Value)[]): Partial<Value> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Partial<Value>
}

/** Where the update stands. */
export function useUpdate() {
  const [state, setState] = useKept<UpdateState>('update')
  useEvent('update', setState)
  const act = useAct('desktop.update', { saved: false, onDone: setState })
  const ask = useEffectEvent(() => {
    if (state === undefined) act.mutate({ step: 'state' })
  })
  useEffect(() => ask(), [])
  return { state, isPending: act.isPending, step: (step: UpdateStep) => act.mutate({ step }) }
}

import { useAct } from '../../client/query.ts'
import { toast } from '../../ui/toast.tsx'
import { answers } from './cache-words.ts'

export function useConfigureCache() {
  return useAct('cache.configure', {
    optimistic: (cache, input) => cache.update('cache.get', (old) => ({ ...old, ...input })),
  })
}

export function useClearCache() {
  return useAct('cache.clear', {
    saved: false,
    onDone: ({ cleared }) => toast(cleared === 0 ? 'There was nothing to clear' : `${answers(cleared)} cleared`),
  })
}

import type { GuardRule } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'

/** Saves the whole list; shown at once, with Undo. */
export function useSaveGuards(saved?: (guards: readonly GuardRule[]) => string) {
  return useAct('guards.save', {
    optimistic: (cache, { guards }) => cache.update('guards.get', (old) => ({ ...old, guards })),
    ...(saved === undefined ? {} : { saved: ({ guards }: { guards: readonly GuardRule[] }) => saved(guards) }),
  })
}

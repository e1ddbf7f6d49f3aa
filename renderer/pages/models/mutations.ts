import { useAct } from '../../client/query.ts'

export function useRemoveAlias() {
  return useAct('aliases.remove', {
    saved: ({ name }) => `The alias ${name} is removed`,
    optimistic: (cache, { name }) =>
      cache.update('aliases.list', (old) => ({ ...old, aliases: old.aliases.filter((alias) => alias.name !== name) })),
  })
}

/** Every change of the chain is saved at once and seen at once. */
export function useSaveFallback() {
  return useAct('aliases.fallback', {
    optimistic: (cache, { chain, defaultProvider }) =>
      cache.update('aliases.list', (old) => ({ ...old, fallbackChain: chain, defaultProvider })),
  })
}

import type { MethodOutput } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { toastSaved } from '../../ui/toast.tsx'

type Listed = MethodOutput<'providers.list'>

/** Seen at once; the gateway confirms it. */
export function useOrderProviders() {
  return useAct('providers.order', {
    saved: 'Order saved',
    optimistic: (cache, { names }) => cache.update('providers.list', (old) => inOrder(old, names)),
  })
}

function inOrder({ providers }: Listed, names: readonly string[]): Listed {
  const placeOf = (name: string) => names.indexOf(name)
  return { providers: providers.toSorted((one, other) => placeOf(one.name) - placeOf(other.name)) }
}

export function useRemoveProvider() {
  return useAct('providers.remove', {
    saved: ({ name }) => `${name} is removed`,
    optimistic: (cache, { name }) =>
      cache.update('providers.list', ({ providers }) => ({
        providers: providers.filter((each) => each.name !== name),
      })),
  })
}

export function useRemoveKey() {
  return useAct('keys.remove', { saved: 'The key is removed' })
}

export interface NewProvider {
  edit: Parameters<ReturnType<typeof useAct<'providers.save'>>['mutateAsync']>[0]
  /** undefined: it has none, or it stands in the environment. */
  key: { key: string; consentToFile?: boolean } | undefined
  title: string
}

/**
 * The entry first, then its key. Undo removes the provider, which takes its key along: taking back the first of the two
 * changes would leave the key behind.
 */
export function useAddProvider() {
  const save = useAct('providers.save', { saved: false, toastErrors: false })
  const setKey = useAct('keys.set', { saved: false, toastErrors: false })
  const remove = useRemoveProvider()
  return {
    error: save.error ?? setKey.error,
    /** The provider is there, its key is not. */
    isHalfDone: save.isSuccess && setKey.error !== null,
    isPending: save.isPending || setKey.isPending,
    async add({ edit, key, title }: NewProvider) {
      await save.mutateAsync(edit)
      if (key !== undefined) await setKey.mutateAsync({ provider: edit.name, ...key })
      toastSaved(`${title} is added`, { undo: () => remove.mutate({ name: edit.name }) })
    },
  }
}

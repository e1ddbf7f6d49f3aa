import { useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { useClient } from '../../client/client-context.tsx'
import type { Conversation } from './conversation.ts'
import { createPlaygroundStore, type PlaygroundStore } from './playground-store.ts'

const storeKey = ['playground.store']

/** The one store of this window: kept with the answers, because an answer that streams must not end with the page. */
export function usePlayground(): { conversation: Conversation; store: PlaygroundStore } {
  const client = useClient()
  const queries = useQueryClient()
  let store = queries.getQueryData<PlaygroundStore>(storeKey)
  if (store === undefined) {
    store = createPlaygroundStore({ client, storage: sessionStorage, newId })
    queries.setQueryDefaults(storeKey, { gcTime: Infinity, staleTime: Infinity })
    queries.setQueryData(storeKey, store)
  }
  return { store, conversation: useSyncExternalStore(store.subscribe, store.read) }
}

/** `crypto.randomUUID` is not there when the page came over plain http from another machine. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

import {
  keepPreviousData,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import type { EventData, EventName, MethodInput, MethodName, MethodOutput } from '../../gateway/contract.ts'
import { toastFailure, toastSaved } from '../ui/toast.tsx'
import { asFailure, type CallFailure, type Client } from './client.ts'
import { useClient } from './client-context.tsx'

/** How long "Undo" is offered. */
const undoMs = 10_000

/** What the ledger and the checks say; everything else is read from the configuration and is old when that changes. */
const notConfiguration = ['usage', 'traffic', 'diagnostics', 'playground', 'config']

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The gateway is next door and tells of changes: trying again by itself would only delay the error.
      queries: { retry: false, staleTime: 5_000, gcTime: 600_000, refetchOnWindowFocus: true, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

export interface MethodOptions {
  enabled?: boolean
  /** Asks again so often while the page is seen. */
  refetchMs?: number
  staleMs?: number
}

/**
 * Reads. The old answer stays (`isPlaceholderData`: dim it) while another input is asked for.
 * `const status = useMethod('status.get', {})`, then `status.data`, `status.error` (a CallFailure), `status.isPending`.
 */
export function useMethod<Name extends MethodName>(
  name: Name,
  input: MethodInput<Name>,
  options: MethodOptions = {},
): UseQueryResult<MethodOutput<Name>, CallFailure> {
  const client = useClient()
  return useQuery<MethodOutput<Name>, CallFailure>({
    queryKey: [name, input],
    queryFn: () => client.call(name, input),
    // The type of an output that is not known yet is its own placeholder; TypeScript cannot see that.
    placeholderData: keepPreviousData as never,
    enabled: options.enabled ?? true,
    ...(options.refetchMs === undefined ? {} : { refetchInterval: options.refetchMs }),
    ...(options.staleMs === undefined ? {} : { staleTime: options.staleMs }),
  })
}

/** Writes answers that are already here before the gateway has confirmed them. */
export interface AnswerCache {
  /** Changes every kept answer of a method. */
  update<Name extends MethodName>(name: Name, change: (old: MethodOutput<Name>) => MethodOutput<Name>): void
}

export interface ActOptions<Name extends MethodName> {
  /** Said when it worked, "Saved" unless told; false: nothing. With "Undo" where the answer has one. */
  saved?: string | false | ((input: MethodInput<Name>) => string)
  /** Shows the change at once; taken back when it fails. */
  optimistic?: (cache: AnswerCache, input: MethodInput<Name>) => void
  onDone?: (output: MethodOutput<Name>, input: MethodInput<Name>) => void
  /** false: the page shows `error` itself, beside the field that is wrong. */
  toastErrors?: boolean
  /** The answer holds a secret: nothing of it is kept once the component is gone or has called `reset`. */
  forgets?: boolean
}

/**
 * Changes something. `const save = useAct('limits.save')`, then `save.mutate(limits)`; `save.isPending`, `save.error`.
 * Says "Saved" with Undo, shows errors in plain words, and has everything asked anew that may be old now.
 */
export function useAct<Name extends MethodName>(
  name: Name,
  options: ActOptions<Name> = {},
): UseMutationResult<MethodOutput<Name>, CallFailure, MethodInput<Name>, () => void> {
  const client = useClient()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: MethodInput<Name>) => client.call(name, input),
    ...(options.forgets === true ? { gcTime: 0 } : {}),
    onMutate: async (input) => {
      if (options.optimistic === undefined) return () => {}
      await queries.cancelQueries({ predicate: isConfiguration })
      const before = queries.getQueriesData({ predicate: isConfiguration })
      options.optimistic(answerCache(queries), input)
      return () => {
        for (const [key, data] of before) queries.setQueryData(key, data)
      }
    },
    onSuccess: (output, input) => {
      sayIfSaved(client, queries, options.saved, { output, input })
      options.onDone?.(output, input)
    },
    onError: (error, _input, takeBack) => {
      takeBack?.()
      if (options.toastErrors !== false) toastFailure(asFailure(error))
    },
    onSettled: () => invalidateConfiguration(queries),
  })
}

function sayIfSaved<Name extends MethodName>(
  client: Client,
  queries: QueryClient,
  saved: ActOptions<Name>['saved'],
  { output, input }: { output: unknown; input: MethodInput<Name> },
): void {
  if (saved === false) return
  const text = typeof saved === 'function' ? saved(input) : (saved ?? 'Saved')
  toastSaved(text, { durationMs: undoMs, undo: undoOf(client, queries, output) })
}

function undoOf(client: Client, queries: QueryClient, output: unknown): (() => void) | undefined {
  if (typeof output !== 'object' || output === null || !('undo' in output)) return undefined
  const undo = String(output.undo)
  return () => {
    client
      .call('config.undo', { undo })
      .then(() => toastSaved('Undone'))
      .catch((thrown: unknown) => toastFailure(asFailure(thrown)))
      .finally(() => void invalidateConfiguration(queries))
  }
}

function answerCache(queries: QueryClient): AnswerCache {
  return {
    update(name, change) {
      queries.setQueriesData({ queryKey: [name] }, (old: MethodOutput<typeof name> | undefined) =>
        old === undefined ? undefined : change(old),
      )
    },
  }
}

function isConfiguration(query: { queryKey: readonly unknown[] }): boolean {
  return !notConfiguration.includes(String(query.queryKey[0]).split('.')[0] ?? '')
}

/** Every settled call changes these. */
function isOfCalls(query: { queryKey: readonly unknown[] }): boolean {
  return ['usage.', 'cache.get', 'traffic.list'].some((start) => String(query.queryKey[0]).startsWith(start))
}

function invalidateConfiguration(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ predicate: isConfiguration })
}

/** Calls the newest `listener` with every event of this name while the component is there. */
export function useEvent<Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void): void {
  const client = useClient()
  const listen = useEffectEvent(listener)
  useEffect(() => client.on(name, (data) => listen(data)), [client, name])
}

/** Keeps the answers fresh by what the gateway tells. Mounted once, by the app. */
export function useFreshAnswers(): void {
  const queries = useQueryClient()
  useEvent('config', () => void invalidateConfiguration(queries))
  useEvent('status', (status) => queries.setQueryData(['status.get', {}], status))
  // A page that is closed now would else show its last sums again, as long as they are young.
  useEvent('calls', () => void queries.invalidateQueries({ predicate: isOfCalls, refetchType: 'none' }))
}

/** Asks the sums of the ledger anew when calls were settled, at most every `everyMs`. For pages that show them. */
export function useFreshUsage(everyMs = 2_000): void {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEvent('calls', () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      void queries.invalidateQueries({ predicate: isOfCalls })
    }, everyMs)
  })
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [],
  )
}

import { describe, expect, test } from 'vitest'
import type { EventData, MethodInput } from '../../../../gateway/contract.ts'
import { CallFailure, type Client } from '../../../../renderer/client/client.ts'
import { createPlaygroundStore } from '../../../../renderer/pages/playground/playground-store.ts'

type Piece = EventData<'playground'>

function stage(answer: (method: string) => Promise<object> = async () => ({})) {
  const calls: [method: string, input: unknown][] = []
  let tell: (piece: Piece) => void = () => undefined
  const client = {
    shell: 'browser',
    call: (method: string, input: unknown) => {
      calls.push([method, input])
      return answer(method)
    },
    on: (_: string, listener: (piece: Piece) => void) => {
      tell = listener
      return () => undefined
    },
  } as unknown as Client
  let last = 0
  const storage = { getItem: () => null, setItem: () => undefined }
  const store = createPlaygroundStore({ client, storage, newId: () => `id ${(last += 1)}` })
  store.change((now) => ({ ...now, models: { left: 'fast', right: 'smart' }, draft: 'Hello' }))
  return { store, calls, tell: (piece: Piece) => tell(piece) }
}

describe('the store of the playground', () => {
  test('sends, and takes the pieces also when nobody looks', () => {
    const { store, calls, tell } = stage()
    store.send()
    expect(calls.map(([method, input]) => [method, (input as MethodInput<'playground.send'>).id])).toEqual([
      ['playground.send', 'id 1'],
    ])
    tell({ id: 'id 1', text: 'Hi', reasoning: '', end: null })
    expect(store.read().turns[0]?.answers.left?.text).toBe('Hi')
  })

  test('does not send twice while an answer is coming', () => {
    const { store, calls } = stage()
    store.send()
    store.change((now) => ({ ...now, draft: 'And now?' }))
    store.send()
    expect(calls).toHaveLength(1)
  })

  test('compares: one call for each model', () => {
    const { store, calls } = stage()
    store.change((now) => ({ ...now, isComparing: true }))
    store.send()
    expect(calls.map(([, input]) => (input as MethodInput<'playground.send'>).model)).toEqual(['fast', 'smart'])
  })

  test('a call that could not be made says why', async () => {
    const failure = new CallFailure({ code: 'unreachable', message: 'No answer.', hint: null, field: null })
    const { store } = stage(() => Promise.reject(failure))
    store.send()
    await expect.poll(() => store.read().turns[0]?.answers.left?.state).toBe('failed')
    expect(store.read().turns[0]?.answers.left?.error?.message).toBe('No answer.')
  })

  test('stops every answer that is coming', () => {
    const { store, calls } = stage()
    store.change((now) => ({ ...now, isComparing: true }))
    store.send()
    store.stop()
    expect(calls.slice(2)).toEqual([
      ['playground.stop', { id: 'id 1' }],
      ['playground.stop', { id: 'id 2' }],
    ])
    expect(store.read().turns[0]?.answers.right?.state).toBe('stopped')
  })

  test('asks one side again, not the other', () => {
    const { store, calls } = stage()
    store.change((now) => ({ ...now, isComparing: true }))
    store.send()
    store.stop()
    calls.length = 0
    store.sendAgain('right')
    expect(calls).toHaveLength(1)
    expect(calls[0]?.[1]).toMatchObject({ id: 'id 3', model: 'smart' })
  })
})

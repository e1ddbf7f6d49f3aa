import { describe, expect, test } from 'vitest'
import { appHome } from '../../../gateway/config/app-home.ts'
import { createHistory } from '../../../gateway/config/history.ts'
import { createFakeSecrets } from './fake-secrets.ts'

function world() {
  const stored: { config: object | undefined } = { config: { server: { port: 1 } } }
  const store = { get: () => stored.config, set: (next: object) => void (stored.config = next) }
  const home = appHome({ store, secrets: createFakeSecrets(), env: {}, knownProviders: [] })
  const clock = { now: 1000 }
  let ids = 0
  const history = createHistory({ home, now: () => clock.now, newId: () => `id-${(ids += 1)}` })
  const setPort = (value: number) => history.change(() => home.edit([{ path: ['server', 'port'], value }]))
  return { stored, home, clock, history, setPort }
}

describe('undo', () => {
  test('one after the other, last first', async () => {
    const { stored, history, setPort } = world()
    const first = await setPort(2)
    const second = await setPort(3)
    expect(second.loaded.config.server.port).toBe(3)
    expect((await history.undo(second.undo)).config.server.port).toBe(2)
    expect((await history.undo(first.undo)).config.server.port).toBe(1)
    expect(stored.config).toEqual({ server: { port: 1 } })
  })

  test('not over a later change, whoever made it', async () => {
    const { stored, home, history, setPort } = world()
    const { undo } = await setPort(2)
    await home.edit([{ path: ['cache', 'enabled'], value: true }])
    await expect(history.undo(undo)).rejects.toThrow('has changed again since')
    expect(stored.config).toEqual({ server: { port: 2 }, cache: { enabled: true } })
  })

  test('once, and for ten minutes', async () => {
    const { clock, history, setPort } = world()
    const { undo } = await setPort(2)
    await history.undo(undo)
    await expect(history.undo(undo)).rejects.toThrow('no longer')
    const late = await setPort(2)
    clock.now += 10 * 60_000
    await history.undo(late.undo)
    const later = await setPort(2)
    clock.now += 10 * 60_000 + 1
    await expect(history.undo(later.undo)).rejects.toThrow('no longer')
  })

  test('the last 20', async () => {
    const { history, setPort } = world()
    const undos: string[] = []
    for (let port = 2; port < 23; port += 1) undos.push((await setPort(port)).undo)
    for (const undo of undos.slice(1).toReversed()) await history.undo(undo)
    await expect(history.undo(undos[0] ?? '')).rejects.toThrow('no longer')
  })

  test('where the text stayed the same it is read afresh', async () => {
    const { history, home } = world()
    const { undo } = await history.change(() => home.load())
    expect((await history.undo(undo)).config.server.port).toBe(1)
  })

  test('a change that fails leaves nothing to undo', async () => {
    const { history, setPort } = world()
    await expect(setPort(-1)).rejects.toThrow('port')
    await expect(history.undo('id-1')).rejects.toThrow('no longer')
  })
})

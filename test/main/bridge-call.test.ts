import { describe, expect, test, vi } from 'vitest'
import { answerCall, Refusal, type BridgePorts, type NativeHandlers } from '../../main/bridge-call.ts'

const own = { url: 'app://ui/index.html', parent: null }

function ports() {
  const native = {
    'desktop.get': () => ({ theme: 'dark' }),
    'desktop.usePort': () => {
      throw new Refusal('Port 1 is taken.', 'Port 2 is free.')
    },
    'native.copy': vi.fn(),
    'native.openFile': () => {
      throw new Error('secret path')
    },
  } as unknown as NativeHandlers
  const call = vi.fn(async () => ({ ok: true, value: 'from the gateway' }) as const)
  return { native, api: { call }, onUnexpected: vi.fn() } satisfies BridgePorts
}

describe('a message of the window', () => {
  test.each([
    ['a method of the gateway', 'status.get', {}, { ok: true, value: 'from the gateway' }],
    ['a method of the desktop', 'desktop.get', {}, { ok: true, value: { theme: 'dark' } }],
    ['a method without input', 'desktop.get', undefined, { ok: true }],
    ['no name', 7, {}, { ok: false, error: { code: 'invalid_input' } }],
    ['a wrong port', 'desktop.usePort', { port: 0 }, { ok: false, error: { code: 'invalid_input', field: 'port' } }],
    ['too much', 'desktop.get', { more: 1 }, { ok: false, error: { code: 'invalid_input' } }],
    [
      'a refusal',
      'desktop.usePort',
      { port: 1 },
      { ok: false, error: { code: 'refused', message: 'Port 1 is taken.', hint: 'Port 2 is free.' } },
    ],
    ['a name with folders', 'native.saveFile', { name: '../x', text: '' }, { ok: false, error: { field: 'name' } }],
    ['a name that hides', 'native.saveFile', { name: '.bashrc', text: '' }, { ok: false, error: { field: 'name' } }],
  ])('%s', async (_name, method, input, expected) => {
    expect(await answerCall(own, method, input, ports())).toMatchObject(expected)
  })

  test.each([null, { url: 'https://evil.example', parent: null }, { ...own, parent: {} }])(
    'from %j it reaches nobody',
    async (sender) => {
      const used = ports()
      for (const method of ['status.get', 'native.copy']) {
        const answer = await answerCall(sender, method, { text: 'x' }, used)
        expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } })
      }
      expect(used.api.call).not.toHaveBeenCalled()
      expect(used.native['native.copy']).not.toHaveBeenCalled()
    },
  )

  test('what nobody foresaw is logged, and its text stays here', async () => {
    const used = ports()
    const answer = await answerCall(own, 'native.openFile', {}, used)
    expect(JSON.stringify(answer)).not.toContain('secret path')
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal_error' } })
    expect(used.onUnexpected).toHaveBeenCalledOnce()
  })
})

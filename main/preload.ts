import { contextBridge, ipcRenderer } from 'electron'
import type { GatewayEvent } from '../gateway/contract.ts'
import type { BridgeResult, GatewayBridge } from './bridge-types.ts'

/**
 * All that the window gets. Bundled to CommonJS, because it runs in the sandbox; ipcRenderer itself, and the events with
 * their sender, stay here.
 */
const call = (method: string, input: unknown): Promise<BridgeResult> =>
  ipcRenderer.invoke('call', method, input) as Promise<BridgeResult>

async function native(method: string, input: object): Promise<unknown> {
  const result = await call(`native.${method}`, input)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

const bridge: GatewayBridge = {
  call,
  on(listener) {
    const hear = (_event: unknown, told: GatewayEvent): void => listener(told)
    ipcRenderer.on('event', hear)
    return () => void ipcRenderer.off('event', hear)
  },
  native: {
    platform: process.platform,
    copy: async (text) => void (await native('copy', { text })),
    openExternal: async (url) => void (await native('openExternal', { url })),
    saveFile: async (name, text) => (await native('saveFile', { name, text })) as boolean,
    openFile: async () => (await native('openFile', {})) as string | null,
  },
}

contextBridge.exposeInMainWorld('gateway', bridge)

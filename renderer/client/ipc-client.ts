import type { MethodName, MethodOutput } from '../../gateway/contract.ts'
import type { GatewayBridge } from '../../main/bridge-types.ts'
import { CallFailure, createListeners, type Client } from './client.ts'

/** In the desktop app: through the bridge that the preload script put up. */
export function createIpcClient(bridge: GatewayBridge): Client {
  const listeners = createListeners()
  bridge.on(listeners.tell)
  return {
    shell: 'desktop',
    on: listeners.on,
    async call<Name extends MethodName>(method: Name, input: unknown) {
      const result = await bridge.call(method, input)
      if (!result.ok) throw new CallFailure(result.error)
      return result.value as MethodOutput<Name>
    },
  }
}

import { ipcMain } from 'electron'
import type { Api } from '../gateway/api/api.ts'
import type { GatewayEvent } from '../gateway/contract.ts'
import { answerCall, type BridgePorts } from './bridge-call.ts'

interface BridgeSetup extends BridgePorts {
  api: Api
  /** To the window, if there is one. */
  send: (event: GatewayEvent) => void
}

/** The one channel from the window, and the one to it. */
export function setupBridge({ send, ...ports }: BridgeSetup): void {
  ipcMain.handle('call', (event, method: unknown, input: unknown) =>
    answerCall(event.senderFrame, method, input, ports),
  )
  ports.api.subscribe(send)
}

import type { CallError, GatewayEvent } from '../gateway/contract.ts'

/** What came of a call: `value` is the method's output of the contract. */
export type BridgeResult = { ok: true; value: unknown } | { ok: false; error: CallError }

/** `window.gateway`, all that the preload script gives the window. */
export interface GatewayBridge {
  /** A method of the contract. Never rejects. */
  call(method: string, input: unknown): Promise<BridgeResult>
  /** Returns how to stop. */
  on(listener: (event: GatewayEvent) => void): () => void
  native: {
    /** `linux`, `darwin`, `win32` */
    platform: string
    copy(text: string): Promise<void>
    /** Only https pages of known hosts open; rejects with why not for others. */
    openExternal(url: string): Promise<void>
    /** Asks where. False: the user thought better of it. */
    saveFile(name: string, text: string): Promise<boolean>
    /** Asks which. null: the user thought better of it. */
    openFile(): Promise<string | null>
  }
}

import type { CallError, GatewayEvent, MethodInput, MethodName, MethodOutput } from '../contract.ts'

/** What the shells offer the window: both wires (IPC, HTTP) end here. */
export interface Api {
  /** Never rejects: what went wrong is the answer. Input and output are checked against the contract. */
  call(method: string, input: unknown): Promise<{ ok: true; value: unknown } | { ok: false; error: CallError }>
  /** Returns how to stop. */
  subscribe(listener: (event: GatewayEvent) => void): () => void
}

/** The desktop answers its own methods. */
type GatewayMethod = Exclude<MethodName, `desktop.${string}`>

/** One handler per method of the contract that is not the desktop's own; they throw GatewayError or ConfigError. */
export type Handlers = {
  [Name in MethodName]: (input: MethodInput<Name>) => MethodOutput<Name> | Promise<MethodOutput<Name>>
}

/** The handlers of one noun: `satisfies HandlersOf<'usage'>`. */
export type HandlersOf<Noun extends string> = Pick<Handlers, Extract<MethodName, `${Noun}.${string}`>>

export type GatewayHandlers = Pick<Handlers, GatewayMethod>

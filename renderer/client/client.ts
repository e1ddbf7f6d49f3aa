import type {
  CallError,
  EventData,
  EventName,
  GatewayEvent,
  MethodInput,
  MethodName,
  MethodOutput,
} from '../../gateway/contract.ts'

/** The gateway as the window sees it: the same over IPC and over HTTP. */
export interface Client {
  readonly shell: 'desktop' | 'browser'
  /** Rejects with CallFailure, and with nothing else. */
  call<Name extends MethodName>(method: Name, input: MethodInput<Name>): Promise<MethodOutput<Name>>
  /** Returns how to stop. */
  on<Name extends EventName>(event: Name, listener: (data: EventData<Name>) => void): () => void
}

/** What went wrong with a call, in words for the user. `field`: path of the input that is wrong, e.g. `targets.0.model`. */
export class CallFailure extends Error {
  readonly code: string
  readonly hint: string | null
  readonly field: string | null

  constructor(error: CallError) {
    super(error.message)
    this.name = 'CallFailure'
    this.code = error.code
    this.hint = error.hint
    this.field = error.field
  }
}

/** Anything that was thrown, as a failure that can be shown. */
export function asFailure(thrown: unknown): CallFailure {
  if (thrown instanceof CallFailure) return thrown
  return new CallFailure({
    code: 'internal_error',
    message: thrown instanceof Error ? thrown.message : 'Something went wrong in the window itself.',
    hint: 'Reload the window (Ctrl R). If it stays, copy the report from Diagnostics.',
    field: null,
  })
}

type Listener = (event: GatewayEvent) => void

/** Who listens to what; both wires hand their events to `tell`. */
export function createListeners(): { on: Client['on']; tell: Listener } {
  const listeners = new Set<Listener>()
  return {
    on(name, listener) {
      const listen: Listener = (event) => {
        if (event.event === name) (listener as (data: unknown) => void)(event.data)
      }
      listeners.add(listen)
      return () => listeners.delete(listen)
    },
    tell(event) {
      for (const listener of listeners) listener(event)
    },
  }
}

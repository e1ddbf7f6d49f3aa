import { z } from 'zod'
import type { Api } from '../gateway/api/api.ts'
import { methods, type CallError, type MethodInput, type MethodName, type MethodOutput } from '../gateway/contract.ts'
import type { BridgeResult } from './bridge-types.ts'
import { isOwnSender, type SenderFrame } from './sender.ts'

type DesktopMethod = Extract<MethodName, `desktop.${string}`>

/** What only the shell can do: the contract's own methods, and the verbs behind `window.gateway.native`. */
export type NativeHandlers = {
  [Name in DesktopMethod]: (input: MethodInput<Name>) => MethodOutput<Name> | Promise<MethodOutput<Name>>
} & {
  'native.copy': (input: { text: string }) => unknown
  'native.openExternal': (input: { url: string }) => unknown
  'native.saveFile': (input: { name: string; text: string }) => unknown
  'native.openFile': (input: object) => unknown
}

const text = z.string().max(64 * 1024 * 1024)

const nativeInputs: Record<keyof NativeHandlers, z.ZodType> = {
  'desktop.get': methods['desktop.get'].input,
  'desktop.save': methods['desktop.save'].input,
  'desktop.update': methods['desktop.update'].input,
  'desktop.usePort': methods['desktop.usePort'].input,
  'native.copy': z.strictObject({ text }),
  'native.openExternal': z.strictObject({ url: z.string().max(4096) }),
  'native.saveFile': z.strictObject({ name: z.string().regex(/^[\w][\w. -]{0,120}$/), text }),
  'native.openFile': z.strictObject({}),
}

export interface BridgePorts {
  api: Pick<Api, 'call'>
  native: NativeHandlers
  onUnexpected: (error: unknown, method: string) => void
}

/** A refusal with words for the user, thrown by native handlers. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly hint: string | null

  constructor(message: string, hint: string | null = null) {
    super(message)
    this.hint = hint
  }
}

/** Answers one message of a page. Whatever comes in and goes wrong, the answer is `{ ok, value | error }`. */
export async function answerCall(
  sender: SenderFrame | null,
  method: unknown,
  input: unknown,
  { api, native, onUnexpected }: BridgePorts,
): Promise<BridgeResult> {
  if (!isOwnSender(sender)) return refuse({ code: 'forbidden', message: 'This page may not use the gateway.' })
  if (typeof method !== 'string') return refuse({ code: 'invalid_input', message: 'The method is not a name.' })
  if (!Object.hasOwn(nativeInputs, method)) return api.call(method, input)
  const name = method as keyof NativeHandlers
  const parsed = nativeInputs[name].safeParse(input ?? {})
  if (!parsed.success) return refuse(inputError(parsed.error))
  try {
    return { ok: true, value: await (native[name] as (input: unknown) => unknown)(parsed.data) }
  } catch (error) {
    if (error instanceof Refusal) return refuse({ code: 'refused', message: error.message, hint: error.hint })
    onUnexpected(error, method)
    return refuse({ code: 'internal_error', message: 'The app failed on this request. Its log says why.' })
  }
}

function refuse(error: Pick<CallError, 'code' | 'message'> & Partial<CallError>): BridgeResult {
  return { ok: false, error: { hint: null, field: null, ...error } }
}

function inputError({ issues }: z.ZodError): Pick<CallError, 'code' | 'message' | 'field'> {
  const field = issues[0]?.path.join('.') ?? ''
  return {
    code: 'invalid_input',
    message: `The input is not what the method takes${field === '' ? '' : ` (${field})`}.`,
    field: field === '' ? null : field,
  }
}

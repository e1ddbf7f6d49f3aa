import type { z } from 'zod'
import { describeIssues } from '../config/issues.ts'
import { ConfigError } from '../config/types.ts'
import { methods, type CallError, type MethodName } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { Api, GatewayHandlers } from './api.ts'
import type { Hub } from './hub.ts'

export interface ApiPorts {
  hub: Pick<Hub, 'subscribe'>
  /** Told of what no handler foresaw; the caller gets a general text. */
  onUnexpected: (error: unknown, method: string) => void
  /** Takes secrets out of an error's text. */
  scrub: (text: string) => string
  /** Checks answers against the contract, too: for tests. */
  checkOutput?: boolean
}

type Handler = (input: unknown) => unknown

/** Looks the method up, checks what came in, runs the handler; whatever goes wrong becomes an answer. */
export function createApi(handlers: GatewayHandlers, ports: ApiPorts): Api {
  return {
    subscribe: (listener) => ports.hub.subscribe(listener),
    async call(method, input) {
      const found = lookUp(method, handlers)
      if ('error' in found) return { ok: false, error: found.error }
      try {
        const parsed = found.input.safeParse(input ?? {})
        if (!parsed.success) return { ok: false, error: inputError(parsed.error, input) }
        const value = await found.handler(parsed.data)
        return { ok: true, value: ports.checkOutput === true ? found.output.parse(value) : value }
      } catch (error) {
        return { ok: false, error: callErrorOf(error, method, ports) }
      }
    },
  }
}

type Found = { handler: Handler; input: z.ZodType; output: z.ZodType } | { error: CallError }

function lookUp(method: string, handlers: GatewayHandlers): Found {
  if (!Object.hasOwn(methods, method)) {
    const message = `The gateway has no method "${method.slice(0, 100)}".`
    return {
      error: { ...nothing, code: unknownMethod, message, hint: 'Reload the page: it may be of another version.' },
    }
  }
  const { input, output, isNative } = methods[method as MethodName]
  const handler = (handlers as Partial<Record<string, Handler>>)[method]
  if (!isNative && handler !== undefined) return { handler, input, output }
  const message = `"${method}" is only there in the desktop app.`
  return { error: { ...nothing, code: unknownMethod, message } }
}

/** Over HTTP that is a 404. */
export const unknownMethod = 'unknown_method'

const nothing = { hint: null, field: null }

/** The first thing that is wrong, where it is, and in words. The value itself is not quoted: it may be a key. */
function inputError(error: z.ZodError, input: unknown): CallError {
  const [first] = describeIssues(error.issues, withoutTexts(input))
  const field = first === undefined ? '' : first.path.join('.')
  const message = first?.message ?? 'the input is not what the method takes'
  return { code: 'invalid_input', message: sentence(message), hint: null, field: field === '' ? null : field }
}

/** Texts in a message would be the user's; of their kind alone the message is made. */
function withoutTexts(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value === '' ? '' : '…'
  if (typeof value !== 'object' || value === null) return value
  // Deeper than any input is, and a hostile one would use up the stack.
  if (depth > 20) return Array.isArray(value) ? [] : {}
  if (Array.isArray(value)) return value.map((item) => withoutTexts(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutTexts(member, depth + 1)]))
}

export function callErrorOf(error: unknown, method: string, ports: Omit<ApiPorts, 'hub'>): CallError {
  if (error instanceof GatewayError) {
    return { ...nothing, code: error.code, message: ports.scrub(error.message), field: error.param ?? null }
  }
  if (error instanceof ConfigError) return configError(error, ports.scrub)
  ports.onUnexpected(error, method)
  const message = 'The gateway failed on this request.'
  return { ...nothing, code: 'internal_error', message, hint: 'Its log says why. Try again; if it stays, report it.' }
}

/** Lines and columns say nothing to whoever typed into a form; the path does. */
function configError({ problems, message }: ConfigError, scrub: (text: string) => string): CallError {
  const texts = problems.map((problem) => (problem.path === '' ? '' : `${problem.path}: `) + problem.message)
  return {
    code: 'invalid_config',
    message: scrub(sentence(texts.length === 0 ? message : texts.join('; '))),
    hint: 'Nothing was changed.',
    field: problems.find(({ path }) => path !== '')?.path ?? null,
  }
}

function sentence(text: string): string {
  const upper = /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
  return /[.!?]$/.test(upper) ? upper : `${upper}.`
}

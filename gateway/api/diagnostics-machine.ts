import { connect } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { maskUrl } from '../config/credentials.ts'
import type { Finding } from './diagnostics.ts'

const patienceMs = 2000

/** The gateway asks itself, as a client would. */
export async function checkPort(url: string | undefined): Promise<Finding> {
  if (url === undefined) {
    return { outcome: 'failed', detail: 'The gateway does not listen.', remedy: 'Start it, or choose a free port.' }
  }
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(patienceMs) })
    await response.arrayBuffer()
    if (response.headers.get('x-llm-gateway') !== null) return { outcome: 'ok', detail: `${url} answers.` }
    return {
      outcome: 'failed',
      detail: `${url} is answered by another program.`,
      remedy: 'Stop that program or choose another port in Settings.',
    }
  } catch (error) {
    const detail = `${url} does not answer: ${causeOf(error)}`
    return { outcome: 'failed', detail, remedy: 'Look for a firewall on this machine, then restart the gateway.' }
  }
}

const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const

export async function checkProxy(
  configured: string | undefined,
  env: Record<string, string | undefined>,
): Promise<Finding> {
  const variable = proxyVariables.find((name) => env[name] !== undefined && env[name] !== '')
  const address = configured ?? (variable === undefined ? undefined : env[variable])
  if (address === undefined) return { outcome: 'ok', detail: 'Providers are asked directly, without a proxy.' }
  const origin = configured === undefined ? `from ${variable}` : 'from network.proxy'
  const shown = `${maskUrl(address)} (${origin})`
  const problem = await connectionProblem(address)
  if (problem === undefined) return { outcome: 'ok', detail: `The proxy ${shown} can be reached.` }
  const remedy = 'Correct the address in Settings, or take it out if there is no proxy any more.'
  return { outcome: 'failed', detail: `The proxy ${shown} cannot be reached: ${problem}`, remedy }
}

function connectionProblem(address: string): Promise<string | undefined> {
  if (!URL.canParse(address)) return Promise.resolve('it is not an address')
  const { hostname, port, protocol } = new URL(address)
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[|\]$/g, '')
    const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80) })
    const end = (problem: string | undefined): void => {
      socket.destroy()
      resolve(problem)
    }
    socket.setTimeout(patienceMs, () => end('no answer'))
    socket.once('connect', () => end(undefined))
    socket.once('error', (error) => end(error.message))
  })
}

const measureMs = 500
/** Streams that wait longer than this are seen to stutter. */
const longDelayMs = 100

export async function measureEventLoop(): Promise<Finding> {
  const resolutionMs = 10
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  await pause(measureMs)
  delays.disable()
  // The timer's own interval is in every value.
  const delayMs = Math.max(0, delays.percentile(99) / 1e6 - resolutionMs)
  const detail = `Work waits ${delayMs.toFixed(0)} ms at most in 99 of 100 cases.`
  if (delayMs < longDelayMs) return { outcome: 'ok', detail }
  return { outcome: 'warning', detail, remedy: 'The machine is busy: close other programs if streams stutter.' }
}

function causeOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? cause.message : message
}

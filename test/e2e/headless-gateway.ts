import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright'
import { buildStaleUi } from '../../build/build-for-start.ts'
import type { MethodInput, MethodName, MethodOutput } from '../../gateway/contract.ts'
import { type GatewayOptions, type GatewayProcess, startGatewayProcess } from '../helpers/gateway.ts'
import { seedLedger } from '../helpers/seed-ledger.ts'

export const chromiumFile = '/usr/bin/chromium'
export const adminToken = 'pages-token-0123456789abcdef'

export interface DashboardOptions extends Omit<GatewayOptions, 'dataDir'> {
  /** Calls that are in the ledger already, of the last 30 days. */
  seededCalls?: number
}

/** A real gateway process with a data folder of its own, and a browser before its /ui/. */
export interface Dashboard {
  gateway: GatewayProcess
  browser: Browser
  dataDir: string
  /** The official SDK before the gateway; it does not retry by itself. */
  client: OpenAI
  /** Everything /api/ answered to any page, and all events that were told: to search for secrets. */
  answers: string[]
  /** A method asked over HTTP, as pages do. */
  ask<Name extends MethodName>(method: Name, input: MethodInput<Name>): Promise<MethodOutput<Name>>
  /** A tab at this path of the window, signed in unless told otherwise. */
  open(path: string, options?: BrowserContextOptions & { isSignedIn?: boolean }): Promise<Page>
  close(): Promise<void>
}

export async function startDashboard({ seededCalls = 0, ...options }: DashboardOptions = {}): Promise<Dashboard> {
  await buildStaleUi()
  const dataDir = await mkdtemp(join(tmpdir(), 'llm-gateway-pages-'))
  if (seededCalls > 0) {
    await seedLedger(join(dataDir, 'ledger.db'), { calls: seededCalls, now: Date.now(), days: 30, seed: 7 })
  }
  const args = [...(options.args ?? []), '--admin-token', adminToken]
  const [gateway, browser] = await Promise.all([startGatewayProcess({ ...options, args, dataDir }), launchBrowser()])
  const answers: string[] = []
  const listening = new AbortController()
  const listened = collectEvents(gateway.url, answers, listening.signal)
  return {
    gateway,
    browser,
    dataDir,
    client: new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'not-needed', maxRetries: 0 }),
    answers,
    ask: (method, input) => ask(gateway.url, method, input),
    open: (path, { isSignedIn = true, ...context } = {}) =>
      openPage({ browser, url: gateway.url, path, isSignedIn, context, answers }),
    async close() {
      listening.abort()
      await listened
      await browser.close()
      // Not in good order: what was tested is over, and a connection that some client left open may delay the end.
      await gateway.stop('SIGKILL')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumFile, args: ['--no-sandbox'] })
}

interface Opening {
  browser: Browser
  url: string
  path: string
  isSignedIn: boolean
  context: BrowserContextOptions
  answers: string[]
}

async function openPage({ browser, url, path, isSignedIn, context: options, answers }: Opening): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1120, height: 760 },
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  })
  context.setDefaultTimeout(15_000)
  // As text: these files are checked without the types of a browser.
  if (isSignedIn) await context.addInitScript(`sessionStorage.setItem('admin-token', '${adminToken}')`)
  const page = await context.newPage()
  page.on('response', (response) => {
    if (!response.url().includes('/api/v1/call/')) return
    // A page that was left takes its answers with it.
    response.text().then(
      (text) => answers.push(text),
      () => undefined,
    )
  })
  await page.goto(`${url}/ui/#${path}`)
  return page
}

async function ask<Name extends MethodName>(
  url: string,
  method: Name,
  input: MethodInput<Name>,
): Promise<MethodOutput<Name>> {
  const response = await fetch(`${url}/api/v1/call/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  const result = (await response.json()) as { ok: boolean; value: MethodOutput<Name> }
  if (!result.ok) throw new Error(`${method}: ${JSON.stringify(result)}`)
  return result.value
}

/** The event stream is one answer that never ends, so a page cannot hand it over. */
async function collectEvents(url: string, answers: string[], signal: AbortSignal): Promise<void> {
  try {
    const response = await fetch(`${url}/api/v1/events`, {
      headers: { authorization: `Bearer ${adminToken}` },
      signal,
    })
    const text = response.body?.pipeThrough(new TextDecoderStream()) ?? []
    for await (const piece of text) answers.push(piece)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

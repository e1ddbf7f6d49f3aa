import { resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../helpers/gateway.ts'
import { runPython, sdkPython } from '../helpers/python.ts'
import { scriptedDialects } from '../helpers/scripted-dialect.ts'
import { type ScriptedUpstream, startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { farProvider } from '../helpers/far-provider.ts'

const python = await sdkPython()
if ('problem' in python) console.warn(`skipped: ${python.problem}`)
const interpreter = 'interpreter' in python ? python.interpreter : ''

const scripts = ['openai_chat.py', 'openai_responses.py', 'anthropic_messages.py'] as const

describe.skipIf('problem' in python)('the Python SDKs, answered in every dialect', () => {
  let upstream: ScriptedUpstream
  let gateway: GatewayProcess
  beforeAll(async () => {
    upstream = await startScriptedUpstream([])
    const all = scriptedDialects.map((dialect) => farProvider(dialect, upstream.url))
    gateway = await startGatewayProcess({ config: { providers: all.map(({ provider }) => provider) } })
  })
  afterAll(async () => {
    await gateway.stop()
    await upstream.close()
  })
  beforeEach(() => upstream.reset())

  const table = scripts.flatMap((script) => scriptedDialects.map((dialect) => ({ script, dialect })))
  test.each(table)('$script from $dialect', async ({ script, dialect }) => {
    const { provider, model } = farProvider(dialect, upstream.url)
    const usage = { input: 40, output: 12 }
    upstream.script(
      { kind: 'answer', answer: { text: 'Grüße 👋', usage } },
      {
        kind: 'answer',
        answer: { thinking: 'Where is Oslo?', calls: [{ name: 'weather', arguments: { city: 'Oslo' } }], usage },
      },
      { kind: 'answer', answer: { text: 'Snow.', usage } },
    )
    const printed = await runPython(interpreter, [resolve('test/fixtures/python', script)], {
      GATEWAY_URL: gateway.url,
      GATEWAY_MODEL: `${provider.name}/${model}`,
    })
    expect(JSON.parse(printed)).toEqual({
      words: 'Grüße 👋',
      whole: 'Grüße 👋',
      input_tokens: 40,
      output_tokens: 12,
      arguments: { city: 'Oslo' },
      answer: 'Snow.',
    })
    expect(upstream.requests.map(({ dialect: seen }) => seen)).toEqual([dialect, dialect, dialect])
    expect(upstream.requests[2]?.seen?.turns.flatMap(({ results }) => results)).toEqual([
      { call: 'weather', text: 'snow' },
    ])
  })
})

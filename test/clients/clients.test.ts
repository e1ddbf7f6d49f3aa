import { describe, expect, test } from 'vitest'
import { farProvider } from '../helpers/far-provider.ts'
import type { ScriptedDialectId } from '../helpers/scripted-dialect.ts'
import { ClientTurns, model } from './client-turns.ts'
import { clientsFolder, clientsProblem, isRequired } from './installed-clients.ts'
import { type ClientTurn, type Isolated, runIsolated, upstreamPort } from './isolated-run.ts'
import { leftBehind, shellOutput } from './shell-call.ts'

/**
 * The command-line tools themselves, unmodified: each is asked one thing, runs a shell command that a model of another
 * vendor's dialect wants run, and tells what that model says in the end. None of them gets to any other machine.
 */

const turns = new ClientTurns(clientsFolder)
const lastWords = 'all is well at the far end'
/** Codex knows this name, and asks for it in another way (tools among the input). */
const knownToCodex = 'gpt-6.1-sol'

interface Row {
  client: string
  turn: ClientTurn
  upstream: ScriptedDialectId
  /** What it must not have to say: it got on, but not in the way that is tested. */
  neverSays?: RegExp
}

const table: Row[] = [
  { client: 'Claude Code', turn: turns.claude(), upstream: 'openai-chat' },
  { client: 'Claude Code', turn: turns.claude(), upstream: 'gemini' },
  { client: 'Claude Code', turn: turns.claude(), upstream: 'openai-responses' },
  { client: 'Codex', turn: turns.codex(), upstream: 'anthropic-messages' },
  {
    client: 'Codex with our catalog',
    turn: turns.codex({ catalog: true }),
    upstream: 'gemini',
    neverSays: /metadata for .* not found/,
  },
  {
    client: 'Codex over WebSocket',
    turn: turns.codex({ websockets: true }),
    upstream: 'openai-chat',
    neverSays: /failed to connect|falling back/i,
  },
  { client: 'Codex with a model it knows', turn: turns.codex({ name: knownToCodex }), upstream: 'openai-chat' },
  { client: 'Codex with a model it knows', turn: turns.codex({ name: knownToCodex }), upstream: 'anthropic-messages' },
  { client: 'Codex that looks for Ollama', turn: turns.codexOss('ollama'), upstream: 'gemini' },
  { client: 'Codex that looks for LM Studio', turn: turns.codexOss('lmstudio'), upstream: 'anthropic-messages' },
  {
    client: 'Codex as with OpenAI',
    turn: turns.codexBuiltIn(),
    upstream: 'openai-chat',
    neverSays: /failed to connect|falling back/i,
  },
  { client: 'Gemini CLI', turn: turns.gemini(), upstream: 'anthropic-messages' },
  { client: 'Gemini CLI', turn: turns.gemini(), upstream: 'openai-responses' },
  { client: 'opencode as openai-compatible', turn: turns.opencode('compat'), upstream: 'gemini' },
  { client: 'opencode as openai', turn: turns.opencode('openai'), upstream: 'anthropic-messages' },
  { client: 'opencode as anthropic', turn: turns.opencode('anthropic'), upstream: 'openai-responses' },
  { client: 'opencode as google', turn: turns.opencode('google'), upstream: 'openai-chat' },
  { client: 'Qwen Code as openai', turn: turns.qwen('openai'), upstream: 'anthropic-messages' },
  { client: 'Qwen Code as openai-responses', turn: turns.qwen('openai-responses'), upstream: 'gemini' },
  { client: 'Qwen Code as anthropic', turn: turns.qwen('anthropic'), upstream: 'openai-chat' },
  { client: 'Qwen Code as gemini', turn: turns.qwen('gemini'), upstream: 'openai-responses' },
  { client: 'Continue as openai', turn: turns.continue('openai'), upstream: 'anthropic-messages' },
  { client: 'Continue as anthropic', turn: turns.continue('anthropic'), upstream: 'openai-chat' },
]

const problem = await clientsProblem()
if (problem !== undefined && !isRequired) console.warn(`command-line clients are not tested: ${problem}`)

if (problem !== undefined && isRequired) test('the clients can be run', () => expect.fail(problem))

describe.skipIf(problem !== undefined)('a turn with a tool call', () => {
  test.concurrent.for(table)('$client, answered in $upstream', async (row, { expect: check, annotate }) => {
    const run = await runIsolated(row.turn, configFor(row.upstream), lastWords)
    try {
      if (run.result.names.length > 0) await annotate(`asked for ${run.result.names.join(', ')}: not resolved`)
      check(await summary(run, row), story(run)).toEqual({
        exitCode: 0,
        hasAnswer: true,
        toolRan: true,
        otherDialects: [],
        refusals: [],
        toolResultCameBack: true,
        complaints: null,
      })
    } finally {
      await run.remove()
    }
  })
})

describe.skipIf(problem !== undefined)('with a key that the gateway does not know', () => {
  // Without x-should-retry: false Claude Code asks for minutes. (Codex asks six times in any case.)
  test.concurrent.for([
    ['Claude Code', turns.claude()],
    ['Gemini CLI', turns.gemini()],
  ] as const)('%s asks once and says so', async ([, turn], { expect: check }) => {
    const auth = { anonymous: false, keys: [{ name: 'other', key: 'gw-other' }] }
    const run = await runIsolated(turn, { ...configFor('openai-chat'), auth }, lastWords)
    try {
      const { exitCode, stdout, stderr, gatewayLog, exchanges } = run.result
      check({ failed: exitCode !== 0, exchanges }, story(run)).toEqual({ failed: true, exchanges: [] })
      check(stdout + stderr).toContain('does not know the key')
      check(gatewayLog.split('"status":401').length - 1, gatewayLog).toBe(1)
    } finally {
      await run.remove()
    }
  })
})

/** One provider that speaks one dialect. */
function configFor(upstream: ScriptedDialectId): object {
  const { provider, model: farModel } = farProvider(upstream, `http://127.0.0.1:${upstreamPort}`)
  const target = { provider: provider.name, model: farModel }
  return { providers: [provider], routing: { modelMappings: { [model]: target, [knownToCodex]: target } } }
}

async function summary({ result, leftBehind: read }: Isolated, { upstream, neverSays }: Row): Promise<object> {
  const { exchanges } = result
  const results = exchanges.flatMap(({ seen }) => seen?.turns.flatMap((turn) => turn.results) ?? [])
  return {
    exitCode: result.exitCode,
    hasAnswer: result.stdout.includes(lastWords),
    toolRan: (await read(leftBehind)) === 'ran\n',
    otherDialects: exchanges.flatMap(({ dialect, path }) => (dialect === upstream ? [] : [path])),
    refusals: exchanges.flatMap(({ refusal }) => refusal ?? []),
    toolResultCameBack: results.some(({ text }) => text.includes(shellOutput)) || results,
    complaints: neverSays?.exec(result.stdout + result.stderr)?.[0] ?? null,
  }
}

/** What to read when it failed. */
function story({ result }: Isolated): string {
  const { stdout, stderr, gatewayLog } = result
  return [stdout, stderr, gatewayLog].map((text) => text.slice(-1500)).join('\n---\n')
}

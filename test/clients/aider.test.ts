import { dirname, join } from 'node:path'
import { describe, test } from 'vitest'
import { farProvider } from '../helpers/far-provider.ts'
import { aiderPython } from '../helpers/python.ts'
import { gatewayPort, isolationProblem, runIsolated, upstreamPort, type ClientTurn } from './isolated-run.ts'

/** Aider, the agent without tools: it reads an edit out of what the model says, and makes it. */

const python = await aiderPython()
const problem = 'problem' in python ? python.problem : await isolationProblem()
if (problem !== undefined) console.warn(`aider is not tested: ${problem}`)
const interpreter = 'interpreter' in python ? python.interpreter : ''

const edit = 'Here it is.\n\nnotes.txt\n```\nthe far end was here\n```\n'
const key = 'sk-gateway-test'
const origin = `http://127.0.0.1:${gatewayPort}`

function aider(model: string, env: Record<string, string>): ClientTurn {
  const quiet = [
    '--no-git',
    '--no-check-update',
    '--no-show-release-notes',
    '--no-show-model-warnings',
    '--analytics-disable',
    '--no-gitignore',
    '--no-pretty',
    '--yes-always',
  ]
  const what = ['--edit-format', 'whole', '--message', 'Write into notes.txt who was here.', 'notes.txt']
  return { command: join(dirname(interpreter), 'aider'), args: ['--model', model, ...quiet, ...what], env, files: {} }
}

describe.skipIf(problem !== undefined)('aider makes the edit that the model wants', () => {
  test.concurrent.for([
    {
      as: 'openai',
      upstream: 'anthropic-messages',
      turn: aider('openai/mock-model', { OPENAI_API_BASE: `${origin}/v1`, OPENAI_API_KEY: key }),
    },
    {
      as: 'anthropic',
      upstream: 'openai-responses',
      turn: aider('anthropic/mock-model', { ANTHROPIC_API_BASE: origin, ANTHROPIC_API_KEY: key }),
    },
  ] as const)('as $as, answered in $upstream', async ({ turn, upstream }, { expect: check, annotate }) => {
    const { provider, model } = farProvider(upstream, `http://127.0.0.1:${upstreamPort}`)
    const config = {
      providers: [provider],
      routing: { modelMappings: { 'mock-model': { provider: provider.name, model } } },
    }
    const { result, leftBehind, remove } = await runIsolated(turn, config, edit)
    try {
      const { exitCode, exchanges, names, stdout, stderr } = result
      if (names.length > 0) await annotate(`asked for ${names.join(', ')}: not resolved`)
      check({ exitCode, notes: await leftBehind('notes.txt') }, stdout + stderr).toEqual({
        exitCode: 0,
        notes: 'the far end was here\n',
      })
      check(exchanges.map(({ dialect, refusal }) => ({ dialect, refusal }))).toContainEqual({ dialect: upstream })
      check(exchanges.flatMap(({ refusal }) => refusal ?? [])).toEqual([])
    } finally {
      await remove()
    }
  })
})

import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { topSections } from '../../build/docs-schema-keys.ts'
import { isCommand, isServer, mayRun } from './may-run.ts'
import { notRun } from './not-run.ts'
import { blocksOf, commandsOf, findPages } from './read-pages.ts'
import { createScratch, type Scratch } from './scratch.ts'

/**
 * Every command that the documents show and that may run here (may-run.ts) runs, in the order of its page, before a gateway
 * that is really there. All others stand in not-run.ts, each with its reason.
 */

type Step =
  | { kind: 'command' | 'server'; text: string; line: number }
  /** A whole program in JavaScript. */
  | { kind: 'program'; text: string; line: number }
  /** A whole gateway.yaml that the page shows is the one that the commands after it find. */
  | { kind: 'file'; text: string; line: number }

const pages = findPages().map((page) => ({ page, steps: stepsOf(page) }))
const shown = pages.flatMap(({ page, steps }) => steps.map((step) => ({ page, ...step })))

function stepsOf(page: string): Step[] {
  return blocksOf(page).flatMap((block): Step[] => {
    const { line, text, language } = block
    if (language === 'yaml') return isConfiguration(text) ? [{ kind: 'file', text, line }] : []
    if (language === 'javascript') return [{ kind: 'program', text, line }]
    return commandsOf(block).map((command) => ({ kind: isServer(command) ? 'server' : 'command', text: command, line }))
  })
}

function isConfiguration(text: string): boolean {
  return [...text.matchAll(/^(\w+):/gm)].every(([, name = '']) => topSections().includes(name))
}

function reasonNotToRun(command: string): string | undefined {
  return notRun.find((mark) => mark.command.test(command))?.reason
}

const isShown = shown.filter(({ kind }) => kind === 'command' || kind === 'server')

describe('marks', () => {
  test.each(notRun)('$command fits something that is shown', ({ command }) => {
    expect(isShown.filter(({ text }) => command.test(text))).not.toEqual([])
  })

  test.each(mayRun.map((pattern) => ({ pattern })))('$pattern fits something that is shown', ({ pattern }) => {
    expect(isShown.filter(({ text }) => pattern.test(text))).not.toEqual([])
  })

  test.each(isShown)('$page:$line is run, or it is said why not: $text', ({ text }) => {
    const ways = [isCommand(text), isServer(text), reasonNotToRun(text) !== undefined].filter(Boolean)
    expect(ways, 'write it into may-run.ts or, with a reason, into not-run.ts').toHaveLength(1)
  })

  test.each([
    'rm -rf data',
    'sudo curl http://localhost:8080/health',
    'curl http://localhost:8080/health > /etc/motd',
    'curl https://example.org',
    'curl http://localhost:8080/health; reboot',
    'curl -o /etc/motd http://localhost:8080/health',
    'curl -sSo motd http://localhost:8080/health',
    `curl http://localhost:8080/health -d "it's"; reboot; echo "it's"`,
    'curl http://localhost:8080/$(reboot)',
    'llm-gateway --data-dir /var/lib/llm-gateway',
    'install -m 644 gateway.example.yaml /etc/llm-gateway/gateway.yaml',
    'npm run headless -- --config ../../gateway.yaml --check',
  ])('never run: %s', (command) => {
    expect([isCommand(command), isServer(command)]).toEqual([false, false])
  })

  test('commands are found, and most run', () => {
    const run = isShown.filter(({ text }) => isCommand(text) || isServer(text))
    expect(run.length).toBeGreaterThan(30)
    expect(run.map(({ page }) => page)).toEqual(expect.arrayContaining(['README.md', 'docs/getting-started.md']))
  })
})

function runs({ kind, text }: Step): boolean {
  return kind === 'program' || (kind !== 'file' && (isCommand(text) || isServer(text)))
}

const withCommands = pages.filter(({ steps }) => steps.some(runs))

/** What every answer of the demo provider begins with. */
const demoSays = 'This is the built-in demo provider'

/** Programs that a machine with only Node and npm does not have. */
const missing = ['bash', 'curl'].filter((program) => spawnSync(program, ['--version']).error !== undefined)

function missingFor({ kind, text }: Step): string | undefined {
  if (kind === 'file' || kind === 'program') return undefined
  return missing.find((program) => program === 'bash' || text.startsWith(`${program} `))
}

// The gateway is stopped by a signal to a group of processes, which Windows does not have.
describe.skipIf(process.platform === 'win32' || missing.includes('bash')).each(withCommands)('$page', ({ steps }) => {
  let scratch: Scratch
  beforeAll(async () => {
    scratch = await createScratch()
  })
  afterAll(() => scratch.close())

  const run = steps.filter((step) => step.kind === 'file' || runs(step))
  test.for(run)('line $line: $text', async (step, { skip }) => {
    const { kind, text } = step
    const program = missingFor(step)
    if (program !== undefined) skip(`${program} is not there`)
    if (kind === 'file') return scratch.file('gateway.yaml', text)
    if (kind === 'program') return expect(await scratch.program(text)).toContain(`${demoSays} `)
    const output = kind === 'server' ? await scratch.server(text) : await scratch.command(text)
    expect(output).not.toMatch(/Error: |"error":\s*\{/)
    if (/\/chat\/completions/.test(text)) expect(output).toMatch(new RegExp(`${demoSays}|data: \\[DONE\\]`))
  })
})

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../helpers/gateway.ts'

const run = promisify(execFile)

/** The README's first requests as they stand there, against a gateway without any configuration; the port is another. */
describe('README', () => {
  let gateway: GatewayProcess
  beforeAll(async () => {
    gateway = await startGatewayProcess()
  })
  afterAll(() => gateway.stop())

  async function blocks(language: string): Promise<string[]> {
    const readme = await readFile('README.md', 'utf8')
    const found = [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))]
    return found.map(([, text = '']) => text.replaceAll(':8080', `:${new URL(gateway.url).port}`))
  }

  test('curl', async () => {
    const commands = (await blocks('sh')).filter((text) => text.startsWith('curl '))
    expect(commands.length).toBeGreaterThan(1)
    for (const command of commands) {
      const { stdout } = await run('sh', ['-c', command])
      expect(stdout).toContain('"content":"This is the built-in demo provider')
    }
  })

  test('JavaScript', async () => {
    const [example = ''] = await blocks('javascript')
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', example])
    expect(stdout).toMatch(/^This is the built-in demo provider.*You said: "Hello!"/)
  })
})

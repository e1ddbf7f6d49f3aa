import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultConfig } from '../../../gateway/config/defaults.ts'
import { noHome } from '../../../gateway/config/no-home.ts'
import { ConfigError } from '../../../gateway/config/types.ts'
import { yamlHome } from '../../../gateway/config/yaml-home.ts'
import { providerRows } from '../../../gateway/providers/rows.ts'
import { createFakeSecrets } from './fake-secrets.ts'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yaml-home-'))
  file = join(folder, 'gateway.yaml')
})
afterEach(() => rm(folder, { recursive: true }))

function homeWith(values: Record<string, string> = {}, isOptional = false) {
  const secrets = createFakeSecrets(values)
  return { secrets, home: yamlHome({ file, secrets, env: {}, knownProviders: providerRows, isOptional }) }
}

const openai = { name: 'openai', apiKey: '${OPENAI_API_KEY}' }

describe('a file', () => {
  test('is read with its keys, and edited in place', async () => {
    const { home } = homeWith({ OPENAI_API_KEY: 'sk-one' })
    await writeFile(file, '# mine\nproviders:\n  - name: openai   # the first\n    apiKey: ${OPENAI_API_KEY}\n')
    expect((await home.load()).config.providers[0]?.apiKey).toBe('sk-one')
    const { config } = await home.edit([{ path: ['providers', 0, 'timeout'], value: '5s' }])
    expect(config.providers[0]?.timeout).toBe(5000)
    expect(await readFile(file, 'utf8')).toBe(
      '# mine\nproviders:\n  - name: openai   # the first\n    apiKey: ${OPENAI_API_KEY}\n    timeout: 5s\n',
    )
    expect(await home.text()).toBe(await readFile(file, 'utf8'))
  })

  test('with faults is not touched', async () => {
    const { home } = homeWith()
    await writeFile(file, 'server: { prot: 1 }\n')
    await expect(home.edit([{ path: ['server', 'port'], value: 2 }])).rejects.toThrow(`${file}:1:11 server.prot`)
    await expect(home.write('server: { port: x }')).rejects.toThrow(ConfigError)
    expect(await readFile(file, 'utf8')).toBe('server: { prot: 1 }\n')
  })

  test('that is missing is a fault, or the defaults; an edit makes it', async () => {
    await expect(homeWith().home.load()).rejects.toThrow('there is no such file')
    const { home } = homeWith({}, true)
    expect(await home.load()).toEqual({ config: defaultConfig(), file, notices: [] })
    expect(await home.text()).toBe('')
    await home.edit([{ path: ['server', 'port'], value: 2 }])
    expect(await readFile(file, 'utf8')).toMatch(/^# LLM Gateway configuration.*\n#.*\nserver:\n {2}port: 2\n$/)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('that may not be written says so', async () => {
    await chmod(folder, 0o500)
    const write = () => homeWith().home.write('server: { port: 2 }')
    await expect(asNobody(folder, write)).rejects.toThrow(/cannot be written.*make it/)
    await chmod(folder, 0o700)
  })

  test('in a folder that is not there says so', async () => {
    file = join(folder, 'none', 'gateway.yaml')
    await expect(homeWith().home.write('server: { port: 2 }')).rejects.toThrow(/gateway.yaml cannot be written/)
  })
})

describe('a key that is nowhere', () => {
  test('is refused at the start, with what keeps a store from being asked', async () => {
    const { home, secrets } = homeWith()
    await writeFile(file, 'providers: [{ name: openai, apiKey: "${OPENAI_API_KEY}" }]\n')
    await expect(home.load()).rejects.toThrow('OPENAI_API_KEY is not set')
    secrets.problem = new Error('other users may open that file')
    await expect(home.load()).rejects.toThrow('other users may open that file')
  })

  test('may come after its provider when that is made by an edit, and then loads again', async () => {
    const { home, secrets } = homeWith({}, true)
    const { config, notices } = await home.edit([{ path: ['providers', 0], value: openai }])
    expect(config.providers[0]?.apiKey).toBeUndefined()
    expect(notices[0]).toBe(
      'Set OPENAI_API_KEY before the gateway is started the next time: it does not start without.',
    )
    expect((await home.load()).missingKeys).toEqual(['OPENAI_API_KEY'])
    // Another that came by hand is not awaited.
    await writeFile(file, `${await home.text()}  - { name: mistral, apiKey: "\${MISTRAL_API_KEY}" }\n`)
    await expect(home.load()).rejects.toThrow('MISTRAL_API_KEY is not set')
    secrets.values.set('MISTRAL_API_KEY', 'sk-m')
    secrets.values.set('OPENAI_API_KEY', 'sk-o')
    expect((await home.load()).missingKeys).toBeUndefined()
    await expect(homeWith().home.load()).rejects.toThrow('OPENAI_API_KEY is not set')
  })
})

test('no home: nothing can be changed, and it says how it could', async () => {
  const home = noHome()
  expect(await home.load()).toEqual({ config: defaultConfig(), notices: [] })
  await expect(home.edit([])).rejects.toThrow('--config gateway.yaml')
  await expect(home.write('')).rejects.toThrow('--config gateway.yaml')
})

/** Root may write everywhere: then somebody else tries. */
async function asNobody<T>(own: string, run: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return run()
  const nobody = 65_534
  await chown(own, nobody, nobody)
  process.seteuid?.(nobody)
  try {
    return await run()
  } finally {
    process.seteuid?.(0)
  }
}

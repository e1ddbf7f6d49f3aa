import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { assertChatStream } from '../conformance/openai-shapes.ts'
import { type Container, type ContainerOptions, runContainer, startContainer } from '../helpers/deploy-container.ts'
import { buildImage, type BuiltImage, whyNoImages } from '../helpers/deploy-image.ts'
import { hasRedis, startRedis } from '../helpers/redis.ts'
import { pausedStream } from '../helpers/upstream-faults.ts'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

const why = whyNoImages()
if (why !== undefined) console.log(`container: ${why}; the tests of the image are skipped`)

/** MB of files, of which Node itself is 127. docs/deploy-docker.md says how it is made up. */
const largestMegabytes = 142

describe.skipIf(why !== undefined)('the image', () => {
  let image: BuiltImage
  let upstream: Upstream
  let folder: string
  const running: Container[] = []
  beforeAll(async () => {
    upstream = await startUpstream()
    folder = mkdtempSync(join(tmpdir(), 'llm-gateway-container-'))
    chmodSync(folder, 0o755)
    image = buildImage()
  })
  afterEach(() => Promise.all(running.splice(0).map((container) => container.stop())))
  afterAll(async () => {
    image?.remove()
    rmSync(folder, { recursive: true, force: true })
    await upstream.close()
  })

  async function start(options: ContainerOptions): Promise<Container> {
    const container = await startContainer(image, options)
    running.push(container)
    return container
  }

  /** As in the first lines of docs/deploy-docker.md, but at a free port and with a provider of our own. */
  function withFile(more: ContainerOptions = {}): ContainerOptions {
    const source = join(folder, 'gateway.yaml')
    const provider = { name: 'openai', apiKey: '${OPENAI_API_KEY}', baseUrl: `${upstream.url}/v1` }
    writeFileSync(source, stringify({ server: { host: '127.0.0.1', port: 9999 }, providers: [provider] }))
    const env = { OPENAI_API_KEY: 'sk-secret-abcd', LLM_GATEWAY_PORT: '0', ...more.env }
    return { ...more, env, mounts: [{ source, target: '/app/gateway.yaml' }, ...(more.mounts ?? [])] }
  }

  function chat(url: string, stream = false): Promise<Response> {
    return fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hi' }], stream }),
    })
  }

  function evaluated(container: Container, script: string): string {
    return container.exec(['/usr/local/bin/node', '-p', script]).output.trim()
  }

  test('what it says about itself', () => {
    const { config } = image
    expect(config).toMatchObject({ User: '10001:10001', WorkingDir: '/app', StopSignal: 'SIGTERM' })
    expect(config.ExposedPorts).toEqual({ '8080/tcp': {} })
    expect(config.Volumes).toEqual({ '/data': {} })
    expect(config.Healthcheck.Test.join(' ')).not.toMatch(/curl|wget|sh\b|CMD-SHELL/)
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'LLM Gateway',
      'org.opencontainers.image.version': manifest.version,
      'org.opencontainers.image.licenses': manifest.license,
    })
  })

  test('it has no shell, no package manager, no program but Node, and nothing that sets a user', () => {
    const files = readdirSync(image.rootFolder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    const names = files.map(({ name }) => name)
    expect(names.filter((name) => /^(ba|da|a|z)?sh$|^busybox$|^(apt|dpkg|apk|npm|curl|wget|perl)/.test(name))).toEqual(
      [],
    )
    expect(names.filter((name) => name.endsWith('.map'))).toEqual([])
    expect(files.filter(({ parentPath }) => parentPath.endsWith('bin')).map(({ name }) => name)).toEqual(['node'])
  })

  test(`it is at most ${largestMegabytes} MB`, () => {
    const megabytes = image.bytes / 1e6
    console.log(`image: ${megabytes.toFixed(1)} MB`)
    expect(megabytes).toBeLessThan(largestMegabytes)
    expect(megabytes).toBeGreaterThan(100)
  })

  test('a file, a key and nothing else: answers, streams, ends with 0; the file names neither host nor port', async () => {
    const container = await start(withFile())
    upstream.script(text('Hello from the container'), text('Streamed from the container'))
    const whole = await chat(container.url)
    expect(await whole.text()).toContain('Hello from the container')
    const { chunks } = assertChatStream(await (await chat(container.url, true)).text())
    const streamed = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
    expect(streamed).toBe('Streamed from the container')
    expect(upstream.requests.at(-1)?.headers['authorization']).toBe('Bearer sk-secret-abcd')
    expect(await container.stop()).toBe(0)
    expect(container.output()).toContain('"stopped"')
    expect(container.output()).not.toContain('sk-secret-abcd')
  })

  test('it runs as uid 10001 with a root that cannot be written and without any privilege', async () => {
    const container = await start(withFile())
    expect(evaluated(container, 'process.getuid() + ":" + process.getgid() + " " + process.getgroups()')).toBe(
      '10001:10001 10001',
    )
    for (const file of ['/x', '/app/x', '/tmp/x', '/usr/local/bin/x']) {
      const tried = evaluated(
        container,
        `try { fs.writeFileSync('${file}', ''); 'written' } catch (error) { error.code }`,
      )
      expect(tried, file).toMatch(/EROFS|EACCES/)
    }
    const status = evaluated(container, `fs.readFileSync('/proc/1/status', 'utf8')`)
    expect(status).toMatch(/^CapEff:\t0+$/m)
    expect(status).toMatch(/^NoNewPrivs:\t1$/m)
  })

  test('without a place that can be written it says that spending is forgotten, and works', async () => {
    const container = await start(withFile())
    expect(container.output()).toMatch(/"directory":"\/data\/llm-gateway".*the ledger cannot be kept on disk/)
    expect((await fetch(`${container.url}/ready`)).status).toBe(200)
  })

  const users = [
    ['the image’s user', undefined, 10_001, 10_001, 0o700],
    ['a user that OpenShift makes up, in group 0', '1000650000:0', 10_001, 0, 0o770],
  ] as const
  test.each(users)('with a volume the ledger lies in it: %s', async (_name, user, uid, gid, mode) => {
    const source = mkdtempSync(join(folder, 'data-'))
    chownSync(source, uid, gid)
    chmodSync(source, mode)
    const container = await start(withFile({ mounts: [{ source, target: '/data' }], ...(user && { user }) }))
    expect(container.output()).not.toContain('cannot be kept on disk')
    expect((await chat(container.url)).status).toBe(200)
    expect(await container.stop()).toBe(0)
    expect(readdirSync(join(source, 'llm-gateway'))).toEqual(expect.arrayContaining(['ledger.db', 'admin-token']))
  })

  test('/data of the image is its user’s, so that a new volume is', () => {
    const listed = readdirSync(image.rootFolder)
    expect(listed).toEqual(expect.arrayContaining(['app', 'data', 'tmp']))
    const { uid, gid, mode } = statSync(join(image.rootFolder, 'data'))
    expect([uid, gid, (mode & 0o777).toString(8)]).toEqual([10_001, 0, '770'])
  })

  test('SIGTERM lets a running stream end, and nobody new in', async () => {
    const container = await start(withFile())
    const { promise, resolve } = Promise.withResolvers<void>()
    upstream.script(pausedStream(promise))
    const answer = await chat(container.url, true)
    const stopped = container.stop()
    await expect.poll(() => container.output()).toContain('stopping: running calls may finish')
    await expect
      .poll(() =>
        chat(container.url).then(
          ({ status }) => status,
          () => 'refused',
        ),
      )
      .not.toBe(200)
    resolve()
    expect(await answer.text()).toContain('data: [DONE]')
    expect(await stopped).toBe(0)
  })

  describe('as it is, with a network of its own', () => {
    test('listens on 0.0.0.0:8080, and the health check says so', async () => {
      const container = await start({ ownNetwork: true })
      expect(container.url).toBe('http://127.0.0.1:8080')
      // 0.0.0.0:8080 in state LISTEN.
      expect(evaluated(container, `fs.readFileSync('/proc/net/tcp', 'utf8')`)).toMatch(
        / 00000000:1F90 00000000:0000 0A /,
      )
      const [kind, ...command] = image.config.Healthcheck.Test
      expect(kind).toBe('CMD')
      expect(container.exec(command)).toEqual({ exitCode: 0, output: '' })
    })

    test('the health check fails where nothing answers', async () => {
      const container = await start({ ownNetwork: true, env: { LLM_GATEWAY_PORT: '9090' } })
      const [, ...command] = image.config.Healthcheck.Test
      expect(container.exec(command).exitCode).toBe(0)
      expect(
        container.exec(['/usr/local/bin/node', '-e', `process.env.LLM_GATEWAY_PORT = '8080'; ${command.at(-1)}`])
          .exitCode,
      ).toBe(1)
    })
  })

  test.skipIf(!hasRedis)('the folder of deploy/compose, with a Redis', async () => {
    const redis = await startRedis()
    try {
      const mounts = [{ source: join(process.cwd(), 'deploy/compose/config'), target: '/app', readOnly: true }]
      const env = { OPENAI_API_KEY: 'sk-secret-abcd', REDIS_URL: redis.url, LLM_GATEWAY_PORT: '0' }
      const { url } = await start({ env, mounts })
      const metrics = async (): Promise<string> => (await fetch(`${url}/metrics`)).text()
      await expect.poll(metrics).toMatch(/^llm_gateway_redis_up 1$/m)
    } finally {
      await redis.close()
    }
  })

  test('a file that it may not read or that is wrong is named, with exit code 1', async () => {
    const { mounts = [], ...rest } = withFile()
    chmodSync(join(folder, 'gateway.yaml'), 0o600)
    const unreadable = await runContainer(image, { ...rest, mounts })
    chmodSync(join(folder, 'gateway.yaml'), 0o644)
    expect(unreadable.exitCode).toBe(1)
    expect(unreadable.output).toContain('/app/gateway.yaml')
    writeFileSync(join(folder, 'gateway.yaml'), 'cahce: {}\n')
    const wrong = await runContainer(image, { ...rest, mounts })
    expect(wrong).toMatchObject({ exitCode: 1, output: expect.stringContaining('/app/gateway.yaml:1:1') })
  })
})

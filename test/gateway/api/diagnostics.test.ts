import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { checkDataFolder, checkDisk, checkLedgerFiles } from '../../../gateway/api/diagnostics-files.ts'
import { checkPort, checkProxy, measureEventLoop } from '../../../gateway/api/diagnostics-machine.ts'
import { checkProviders } from '../../../gateway/api/diagnostics-providers.ts'
import { formatBytes, withoutIdentity, writeReport } from '../../../gateway/api/diagnostics-report.ts'
import type { Finding } from '../../../gateway/api/diagnostics.ts'
import type { DiagnosticCheck } from '../../../gateway/contract.ts'
import { FakeUpstream, provider } from '../pipeline/stage.ts'

const identity = { home: '/home/jane', user: 'jane', host: 'jane-laptop' }

describe('the report names nobody', () => {
  const rows: [string, string][] = [
    ['/home/jane/.local/share/llm-gateway', '~/.local/share/llm-gateway'],
    ['user jane, Jane and janet', 'user [removed], [removed] and janet'],
    ['on jane-laptop:8080', 'on [removed]-laptop:8080'],
    ['localhost', 'localhost'],
  ]
  test.each(rows)('%s', (text, expected) => {
    expect(withoutIdentity(text, identity)).toBe(expected)
  })

  test('nor on Windows, however the path is written', () => {
    const who = { home: String.raw`C:\Users\Jane`, user: 'Jane', host: 'PC' }
    for (const path of [
      String.raw`C:\Users\Jane\AppData`,
      String.raw`C:\\Users\\Jane\\AppData`,
      'C:/Users/Jane/AppData',
    ]) {
      expect(withoutIdentity(path, who)).toMatch(/^~[\\/]+AppData$/)
    }
  })

  test('and its table survives what is in it', () => {
    const check = {
      name: 'Port',
      outcome: 'failed',
      detail: 'a | b\nc sk-secret',
      remedy: null,
      durationMs: 3,
    } as const
    const report = writeReport([check], {
      version: '1.0.0',
      now: () => 0,
      scrub: (text) => text.replace('sk-secret', '[redacted]'),
      identity,
    })
    expect(report).toContain(String.raw`| FAILED | Port | a \| b c [redacted] | 3 ms |`)
  })
})

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KB'],
  [256 * 1024 ** 2, '256 MB'],
  [1.5 * 1024 ** 4, '1.5 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

describe('files', () => {
  test('a folder that can be written, with a ledger and a long log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'llm-gateway-checks-'))
    try {
      expect(await checkDataFolder(folder)).toMatchObject({ outcome: 'ok' })
      expect((await checkDisk(folder)).detail).toMatch(/ free/)
      expect(await checkLedgerFiles(folder)).toMatchObject({ outcome: 'skipped' })
      await writeFile(join(folder, 'ledger.db'), 'x')
      expect(await checkLedgerFiles(folder)).toMatchObject({ outcome: 'ok' })
      await writeFile(join(folder, 'ledger.db-wal'), '')
      // Sparse: it only looks long.
      await truncate(join(folder, 'ledger.db-wal'), 300 * 1024 ** 2)
      expect(await checkLedgerFiles(folder)).toMatchObject({
        outcome: 'warning',
        detail: expect.stringContaining('300 MB'),
      })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('a folder that is not there, and none at all', async () => {
    expect(await checkDataFolder('/no/such/folder')).toMatchObject({ outcome: 'failed' })
    expect(await checkDataFolder(undefined)).toMatchObject({ outcome: 'warning' })
    expect(await checkDisk(undefined)).toMatchObject({ outcome: 'skipped' })
  })
})

describe('the port', () => {
  test('is answered by us, by a stranger, by nobody', async () => {
    let headers: Record<string, string> = { 'x-llm-gateway': '1' }
    const server = createServer((_, response) => response.writeHead(200, headers).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await checkPort(url)).toMatchObject({ outcome: 'ok' })
    headers = {}
    expect(await checkPort(url)).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('another program'),
    })
    expect(await checkProxy(url.replace('//', '//me:hunter22@'), {})).toEqual({
      outcome: 'ok',
      detail: `The proxy ${url.replace('//', '//***@')} (from network.proxy) can be reached.`,
    })
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(await checkPort(url)).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('does not answer'),
    })
    expect(await checkProxy(undefined, { HTTPS_PROXY: url })).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('from HTTPS_PROXY'),
    })
    expect(await checkPort(undefined)).toMatchObject({ outcome: 'failed' })
    expect(await checkProxy(undefined, {})).toMatchObject({ outcome: 'ok' })
  })

  test('the event loop is measured', async () => {
    expect((await measureEventLoop()).detail).toMatch(/^Work waits \d+ ms/)
  })
})

describe('providers and the clock', () => {
  const now = Date.UTC(2026, 0, 15, 12)

  async function look(upstream: FakeUpstream, subject = provider()): Promise<DiagnosticCheck[]> {
    const check = async (_: string, find: () => Promise<Finding>): Promise<DiagnosticCheck> => ({
      ...(await find()),
      name: '',
      remedy: null,
      durationMs: 0,
    })
    const ports = {
      providers: () => [subject],
      upstream,
      now: () => now,
      nowMs: () => 0,
      scrub: (text: string) => text,
    }
    return checkProviders(ports, check)
  }

  const rows: [string, string | undefined, Finding['outcome'], RegExp][] = [
    ['right', 'Thu, 15 Jan 2026 12:00:20 GMT', 'ok', /20 s apart/],
    ['behind', 'Thu, 15 Jan 2026 12:10:00 GMT', 'warning', /600 s behind that of p/],
    ['ahead', 'Thu, 15 Jan 2026 11:50:00 GMT', 'warning', /600 s ahead of that of p/],
    ['not told', undefined, 'skipped', /No provider told/],
  ]
  test.each(rows)('a clock that is %s', async (_, date, outcome, detail) => {
    const upstream = new FakeUpstream((flight) => flight.json({ data: [] }, 200, { date }))
    const [answer, clock] = await look(upstream)
    expect(answer).toMatchObject({ outcome: 'ok', detail: 'It answers, in 0 ms.' })
    expect(clock).toMatchObject({ outcome, detail: expect.stringMatching(detail) })
  })

  test('a provider that refuses, and one that cannot be asked', async () => {
    const refusing = new FakeUpstream((flight) => flight.json({ error: { message: 'bad key' } }, 401))
    expect((await look(refusing))[0]).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('bad key') })
    const [keyless] = await look(new FakeUpstream(), { ...provider(), problem: 'no API key' })
    expect(keyless).toMatchObject({ outcome: 'failed', detail: 'no API key' })
  })
})

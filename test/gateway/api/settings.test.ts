import { describe, expect, test } from 'vitest'
import { createLimitsHandlers } from '../../../gateway/api/limits.ts'
import { createSettingsHandlers, settingsEdits, settingsOf } from '../../../gateway/api/settings.ts'
import { needsRestart } from '../../../gateway/api/settings-restart.ts'
import { parseConfig } from '../../../gateway/config/load.ts'
import { editConfigText, type ConfigEdit } from '../../../gateway/config/save.ts'
import type { Limits, MethodInput } from '../../../gateway/contract.ts'
import { configSchema, type ConfigInput } from '../../../gateway/config/schema.ts'

const config = (input: ConfigInput = {}) => configSchema.parse(input)

/** A configuration whose edits are made on a text, as the real one's are. */
function configurationOf(text: string) {
  const parse = (yaml: string) => parseConfig(yaml, { file: 'gateway.yaml', env: {} })
  let loaded = parse(text)
  return {
    text: () => text,
    current: () => loaded,
    async edit(edits: readonly ConfigEdit[]) {
      const next = editConfigText(text, edits)
      loaded = parse(next)
      text = next
      return { undo: 'u' }
    },
  }
}

describe('settings', () => {
  const rows: [string, MethodInput<'settings.save'>, ConfigEdit[]][] = [
    ['nothing', {}, []],
    ['what it is already', { port: 8080, corsOrigins: [], proxy: null }, []],
    ['a port', { port: 9000 }, [{ path: ['server', 'port'], value: 9000 }]],
    ['days', { retentionDays: 30 }, [{ path: ['ledger', 'retention'], value: '30d' }]],
    ['a proxy', { proxy: 'http://127.0.0.1:3128' }, [{ path: ['network', 'proxy'], value: 'http://127.0.0.1:3128' }]],
    [
      'origins',
      { corsEnabled: true, corsOrigins: ['https://a.example'] },
      [
        { path: ['server', 'cors', 'enabled'], value: true },
        { path: ['server', 'cors', 'allowedOrigins'], value: ['https://a.example'] },
      ],
    ],
    ['capture', { capture: 'errors' }, [{ path: ['ledger', 'bodies'], value: 'errors' }]],
  ]
  test.each(rows)('saving %s', (_, wanted, edits) => {
    expect(settingsEdits(wanted, config())).toEqual(edits)
  })

  test('no proxy takes the key out', () => {
    const before = config({ network: { proxy: 'http://127.0.0.1:3128' } })
    expect(settingsEdits({ proxy: null }, before)).toEqual([{ path: ['network', 'proxy'], value: undefined }])
  })

  test("a proxy's password is not shown, and saving what is shown keeps it", () => {
    const before = config({ network: { proxy: 'http://me:hunter22@127.0.0.1:3128' } })
    const shown = settingsOf(before)
    expect(shown.proxy).toBe('http://***@127.0.0.1:3128')
    expect(settingsEdits(shown, before)).toEqual([])
  })

  test('what waits for a restart is told, until it is as it was', async () => {
    const configuration = configurationOf('server:\n  port: 8080\n')
    const handlers = createSettingsHandlers({ configuration, started: configuration.current().config })
    expect((await handlers['settings.get']({})).restart).toEqual(
      expect.arrayContaining(['host', 'port', 'corsEnabled', 'logLevel', 'proxy']),
    )
    expect((await handlers['settings.get']({})).restart).not.toContain('anonymous')
    const save = (input: MethodInput<'settings.save'>) => handlers['settings.save'](input)
    expect((await save({ port: 9000, anonymous: false })).restart).toEqual(['port'])
    expect((await save({ anonymous: true })).restart).toEqual(['port'])
    expect((await handlers['settings.get']({})).waiting).toEqual(['port'])
    expect((await save({ port: 8080 })).restart).toEqual([])
  })
})

test('needsRestart names the paths', () => {
  const after = config({ server: { port: 9 }, cache: { maxSize: 7, enabled: true }, logging: { level: 'debug' } })
  expect(needsRestart(config(), after)).toEqual(['server.port', 'logging'])
  expect(needsRestart(config(), config())).toEqual([])
})

describe('limits', () => {
  const some: Limits = {
    enabled: true,
    global: { requests: 100, windowMs: 60_000 },
    perKey: { tokens: 5000, windowMs: 3_600_000 },
    perModel: { 'gpt-4*': { requests: 5, tokens: 100, windowMs: 1000 } },
  }
  const none: Limits = { enabled: false, global: null, perKey: null, perModel: {} }

  test('what is saved is what is got', async () => {
    const configuration = configurationOf('# mine\nserver:\n  port: 8080\n')
    const handlers = createLimitsHandlers({ configuration })
    expect(handlers['limits.get']({})).toEqual(none)
    for (const limits of [some, none, some]) {
      await handlers['limits.save'](limits)
      expect(handlers['limits.get']({})).toEqual(limits)
    }
    expect(configuration.text()).toContain('# mine')
  })

  test('where is counted stays as it is', async () => {
    const configuration = configurationOf('rateLimit:\n  backend: redis\n')
    await createLimitsHandlers({ configuration })['limits.save'](some)
    expect(configuration.text()).toContain('backend: redis')
  })

  test.each([
    ['global', { ...none, global: { windowMs: 60_000 } }],
    ['perModel.fast', { ...none, perModel: { fast: { windowMs: 60_000 } } }],
  ])('a limit of nothing is refused at its field: %s', async (param, limits) => {
    const configuration = configurationOf('')
    expect(() => createLimitsHandlers({ configuration })['limits.save'](limits)).toThrow(
      expect.objectContaining({ param }),
    )
  })
})

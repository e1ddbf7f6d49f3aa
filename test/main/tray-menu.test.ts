import { describe, expect, test } from 'vitest'
import { statusLine, trayMenu, type MenuItemSpec, type TraySnapshot } from '../../main/tray-menu.ts'

const snapshot: TraySnapshot = {
  status: {
    state: 'running',
    reasons: [],
    url: 'http://127.0.0.1:8080',
    port: 8080,
    todayCostNanoUsd: 4_180_000_000,
    usesDemo: false,
  },
  aliases: [],
  cache: { enabled: true },
  errors: [],
  startAtLogin: false,
  update: { state: 'idle', version: null, progress: null, reason: null },
  freePort: undefined,
}
const two = [
  { provider: 'openai', model: 'gpt-5' },
  { provider: 'anthropic', model: 'claude & co' },
]
const error = {
  callId: 'a/b',
  startedAt: 0,
  requestedModel: 'gpt-5',
  provider: 'openai',
  status: 429,
  errorCode: 'rate_limit_exceeded',
}

function menu(changes: Partial<TraySnapshot> = {}): MenuItemSpec[] {
  return trayMenu({ ...snapshot, ...changes }, () => '14:02')
}

/** One line per item: how a person sees it. */
function seen(items: MenuItemSpec[], indent = ''): string[] {
  return items.flatMap((item) => {
    if (item.type === 'separator') return [`${indent}---`]
    if (item.type === 'submenu') return [`${indent}${item.label} >`, ...seen(item.items, `${indent}  `)]
    if (item.type === 'label') return [`${indent}(${item.label})`]
    if (item.type === 'action') return [`${indent}${item.label}`]
    const mark = item.type === 'radio' ? '()' : '[]'
    return [`${indent}${mark.charAt(0)}${item.checked ? 'x' : ' '}${mark.charAt(1)} ${item.label}`]
  })
}

function find(items: MenuItemSpec[], label: string): MenuItemSpec {
  const all = items.flatMap((item) => (item.type === 'submenu' ? [item, ...item.items.flatMap(flat)] : [item]))
  return all.find((item) => 'label' in item && item.label === label) ?? { type: 'separator' }
}

function flat(item: MenuItemSpec): MenuItemSpec[] {
  return item.type === 'submenu' ? [item, ...item.items.flatMap(flat)] : [item]
}

test('the whole menu', () => {
  const aliases = [
    { name: 'fast', targets: two },
    { name: 'single', targets: two.slice(0, 1) },
  ]
  expect(seen(menu({ aliases, errors: [error] }))).toEqual([
    '(Running on 8080 - $4.18 today)',
    '---',
    'Open',
    'Pause',
    'Copy address >',
    '  OpenAI base URL',
    '  Anthropic base URL',
    '  Gemini base URL',
    '  curl',
    'Connect tools...',
    'Aliases >',
    '  fast >',
    '    (x) openai / gpt-5',
    '    ( ) anthropic / claude && co',
    '[x] Cache on',
    'Recent errors >',
    '  14:02 gpt-5 openai 429 rate_limit_exceeded',
    '---',
    '[ ] Start at login',
    'Check for updates',
    '---',
    'Quit',
  ])
})

test.each<[string, Partial<TraySnapshot['status']>, string]>([
  ['running', {}, 'Running on 8080 - $4.18 today'],
  ['degraded it still runs', { state: 'degraded' }, 'Running on 8080 - $4.18 today'],
  ['paused', { state: 'stopped' }, 'Paused - $4.18 today'],
  ['without a port', { url: null }, 'Not running: port 8080 is taken'],
  ['a little spent', { todayCostNanoUsd: 230_400 }, 'Running on 8080 - $0.0002304 today'],
])('status line: %s', (_name, changes, line) => {
  expect(statusLine({ ...snapshot.status, ...changes })).toBe(line)
})

describe('what changes', () => {
  const status = (changes: Partial<TraySnapshot['status']>) => menu({ status: { ...snapshot.status, ...changes } })

  test('degraded: the reason stands below the status line', () => {
    expect(seen(status({ state: 'degraded', reasons: ['openai is down', 'more'] })).slice(0, 3)).toEqual([
      '(Running on 8080 - $4.18 today)',
      '(openai is down)',
      '---',
    ])
  })

  test('paused, it can be resumed', () => {
    expect(find(status({ state: 'stopped' }), 'Resume')).toMatchObject({ action: { do: 'pause', paused: false } })
  })

  test('without a port there is nothing to copy or pause, and the free port is offered', () => {
    const items = menu({ status: { ...snapshot.status, url: null }, freePort: 8081 })
    expect(seen(items)).not.toContain('Pause')
    expect(seen(items)).not.toContain('Copy address >')
    expect(find(items, 'Use port 8081 instead')).toMatchObject({ action: { do: 'use-port', port: 8081 } })
  })

  test.each([
    ['checking', '(Checking for updates...)'],
    ['available', 'Download 2.0.0'],
    ['downloading', '(Downloading 2.0.0: 40 %)'],
    ['ready', 'Restart to update to 2.0.0'],
    ['failed', 'Check for updates'],
    ['unsupported', 'Check for updates'],
  ] as const)('update %s', (state, line) => {
    expect(seen(menu({ update: { state, version: '2.0.0', progress: 0.4, reason: null } }))).toContain(line)
  })

  test('no errors are said to be none', () => {
    expect(seen(menu())).toContain('  (None)')
  })

  test('many aliases and errors do not make an endless menu', () => {
    const aliases = Array.from({ length: 40 }, (_, index) => ({ name: `alias-${index}`, targets: two }))
    const items = menu({ aliases, errors: Array.from({ length: 9 }, () => error) })
    expect(seen(items).filter((line) => line.startsWith('  alias-'))).toHaveLength(12)
    expect(find(items, 'More...')).toMatchObject({ action: { do: 'open', path: '/models' } })
    expect(seen(items).filter((line) => line.startsWith('  14:02'))).toHaveLength(5)
  })
})

describe('what it does', () => {
  test.each([
    ['OpenAI base URL', { do: 'copy', text: 'http://127.0.0.1:8080/v1' }],
    ['anthropic / claude && co', { do: 'prefer', alias: 'fast', target: 1 }],
    ['Cache on', { do: 'cache', enabled: false }],
    ['Start at login', { do: 'start-at-login', enabled: true }],
    ['14:02 gpt-5 openai 429 rate_limit_exceeded', { do: 'open', path: '/traffic/a%2Fb' }],
  ])('%s', (label, action) => {
    const items = menu({ aliases: [{ name: 'fast', targets: two }], errors: [error] })
    expect(find(items, label)).toMatchObject({ action })
  })

  test.each([
    ['the demo, where nothing is configured', { usesDemo: true }, [], '"model":"demo"'],
    ['an alias', {}, [{ name: "it's", targets: two }], String.raw`"model":"it'\''s"`],
    ['a word to replace', {}, [], '"model":"MODEL"'],
  ])('curl asks for %s', (_name, changes, aliases, model) => {
    const items = menu({ status: { ...snapshot.status, ...changes }, aliases })
    expect(find(items, 'curl')).toMatchObject({ action: { text: expect.stringContaining(model) } })
  })
})

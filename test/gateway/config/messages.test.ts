import { describe, expect, test } from 'vitest'
import { problemsOf } from './problems.ts'

/** [name, the lines of a file, the problems without the file's name] */
type Row = [string, string[], string[]]

function check(rows: Row[]): void {
  test.each(rows)('%s', (_, lines, expected) => {
    expect(problemsOf(lines.join('\n'))).toEqual(expected.map((problem) => `gateway.yaml:${problem}`))
  })
}

describe('not YAML', () => {
  check([
    ['tab', ['server:', '\tport: 1'], ['2:1 a tab cannot indent in YAML; use spaces']],
    ['duplicate key', ['server:', '  port: 1', '  host: a', '  port: 2'], ['4:3 duplicate key "port"']],
    [
      'duplicate key, and what else is wrong',
      ['server:', '  port: 1', '  port: 2', '  hots: a'],
      ['3:3 duplicate key "port"', '4:3 server.hots: unknown key "hots", did you mean "host"?'],
    ],
    [
      'indentation',
      ['server:', '    port: 1', '  host: a'],
      ['3:1 wrong indentation: keys of one section must start in the same column'],
    ],
    ['open bracket', ['server: { port: 1', 'cache: {}'], ['2:1 a { or [ before this is not closed']],
    ['open quote', ['server:', '  host: "a'], ['2:11 not valid YAML: Missing closing "quote']],
    [
      'two documents',
      ['server: {}', '---', 'cache: {}'],
      ['2:1 a second document starts here; one file holds one configuration'],
    ],
    ['colon in a value', ['server:', '  host: a: b'], ['2:9 a second ": " in one line; put quotes around the value']],
    ['tag', ['server:', '  host: !env HOST'], ['2:9 tags (!name) have no meaning here; remove it']],
    ['bare *', ['providers:', '  - name: a', '    models: [*]'], ['3:14 a text that starts with * needs quotes: "*"']],
    [
      'bare *-mini',
      ['providers:', '  - name: a', '    models: [*-mini]'],
      ['3:14 there is no anchor &-mini; text needs quotes: "*-mini"'],
    ],
    [
      'reference in flow style',
      ['providers:', '  - { name: a, apiKey: ${KEY} }'],
      ['2:25 inside { } and [ ] a reference needs quotes: "${NAME}"'],
    ],
  ])

  test('aliases inside aliases do not fill the memory', () => {
    const lines = ['a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]']
    for (let depth = 1; depth < 9; depth += 1) {
      lines.push(
        `a${depth}: &a${depth} [${Array(9)
          .fill(`*a${depth - 1}`)
          .join(', ')}]`,
      )
    }
    expect(problemsOf(lines.join('\n'))).toEqual([
      'gateway.yaml not valid YAML: Excessive alias count indicates a resource exhaustion attack',
    ])
  })
})

describe('keys', () => {
  check([
    ['misspelt section', ['ratelimit: {}'], ['1:1 ratelimit: unknown key "ratelimit", did you mean "rateLimit"?']],
    ['misspelt key', ['server:', '  prot: 1'], ['2:3 server.prot: unknown key "prot", did you mean "port"?']],
    [
      'other spelling, in a list',
      ['providers:', '  - name: a', '    base_url: x', '    apikey: y'],
      [
        '3:5 providers[0].base_url: unknown key "base_url", did you mean "baseUrl"?',
        '4:5 providers[0].apikey: unknown key "apikey", did you mean "apiKey"?',
      ],
    ],
    [
      'no near key: all are named',
      ['metrics:', '  colour: red'],
      ['2:3 metrics.colour: unknown key "colour"; known here: enabled, endpoint'],
    ],
    [
      'in a record',
      ['rateLimit:', '  perModel:', '    gpt-4.1: { requests: 1, windw: 1m }'],
      ['3:29 rateLimit.perModel["gpt-4.1"].windw: unknown key "windw", did you mean "window"?'],
    ],
    [
      'in one form of a choice',
      ['routing:', '  modelMappings:', '    fast:', '      - { provider: a, model: b, wieght: 1 }'],
      ['4:34 routing.modelMappings.fast[0].wieght: unknown key "wieght", did you mean "weight"?'],
    ],
    [
      'missing in a section that may be absent',
      ['cache:', '  semantic: { aliases: [a] }'],
      ['2:13 cache.semantic.embedding: is required'],
    ],
    [
      'of hedging',
      ['routing:', '  hedge: { after: soon, maxRate: 2, maxrate: 1 }'],
      [
        '2:19 routing.hedge.after: expected p95, or a duration with a unit, e.g. 800ms',
        '2:34 routing.hedge.maxRate: expected a share of 1, e.g. 0.1 for 10 %',
        '2:37 routing.hedge.maxrate: unknown key "maxrate", did you mean "maxRate"?',
      ],
    ],
    ['of a budget', ['budgets: { dayly: 5 }'], ['1:12 budgets.dayly: unknown key "dayly", did you mean "daily"?']],
    ['missing, in a list', ['providers:', '  - apiKey: a'], ['2:5 providers[0].name: is required']],
    ['missing, in flow style', ['auth: { keys: [{ key: a }] }'], ['1:16 auth.keys[0].name: is required']],
    [
      'missing in a choice',
      ['routing:', '  modelMappings:', '    fast:', '      provider: a'],
      ['3:5 routing.modelMappings.fast.model: is required'],
    ],
    [
      'not a header name',
      ['providers:', '  - name: a', '    headers:', '      "a b": c'],
      ['4:7 providers[0].headers["a b"]: this key is not allowed: not a header name'],
    ],
  ])
})

describe('values', () => {
  check([
    [
      'quoted number',
      ['server:', '  port: "8080"'],
      ['2:9 server.port: expected a number, got text "8080"; remove the quotes'],
    ],
    ['number for text', ['server:', '  host: 5'], ['2:9 server.host: expected text, got 5; put it in quotes: "5"']],
    [
      'text for a switch',
      ['cache:', '  enabled: yes'],
      ['2:12 cache.enabled: expected true or false, got text "yes"; write true without quotes'],
    ],
    ['fraction', ['server:', '  port: 80.5'], ['2:9 server.port: expected a whole number, got 80.5']],
    ['too large', ['server:', '  port: 99999'], ['2:9 server.port: must be at most 65535, got 99999']],
    [
      'too small',
      ['providers:', '  - name: a', '    maxRetries: -1'],
      ['3:17 providers[0].maxRetries: must be at least 0, got -1'],
    ],
    ['zero', ['cache:', '  maxSize: 0'], ['2:12 cache.maxSize: must be more than 0, got 0']],
    ['text for a section', ['server: hello'], ['1:9 server: expected a section with keys, got text "hello"']],
    [
      'missing space',
      ['server:', '  port:8080'],
      ['2:3 server: expected a section with keys, got text "port:8080"; a space is missing after ":"'],
    ],
    ['section for a list', ['providers:', '  name: a'], ['1:1 providers: expected a list, got a section with keys']],
    [
      'text for a list',
      ['providers:', '  - name: a', '    models: gpt-4'],
      ['3:13 providers[0].models: expected a list, got text "gpt-4"'],
    ],
    [
      'empty list',
      ['providers:', '  - name: a', '    models: []'],
      ['3:13 providers[0].models: needs at least 1 item'],
    ],
    ['empty text', ['providers:', '  - name: a', '    apiKey: ""'], ['3:13 providers[0].apiKey: must not be empty']],
    [
      'duration without unit',
      ['server:', '  readTimeout: 30'],
      ['2:16 server.readTimeout: 30 has no unit; write e.g. 30s or 30ms'],
    ],
    [
      'duration',
      ['cache:', '  ttl: 1 hour'],
      ['2:8 cache.ttl: "1 hour" is not a duration; write e.g. 500ms, 30s, 1h30m, 7d'],
    ],
    [
      'duration, not text',
      ['cache:', '  ttl: [1h]'],
      ['2:8 cache.ttl: expected a duration with a unit, e.g. 30s or 1h30m'],
    ],
    ['size', ['cache:', '  maxSize: big'], ['2:12 cache.maxSize: "big" is not a size; write e.g. 512KB, 32MB, 1GB']],
    [
      'size, not text',
      ['cache:', '  maxSize: true'],
      ['2:12 cache.maxSize: expected a number of MB, or a size with a unit, e.g. 1GB, got true'],
    ],
    [
      'bytes',
      ['server:', '  bodyLimit: []'],
      ['2:14 server.bodyLimit: expected a size, e.g. 32MB, or a number of bytes, got a list'],
    ],
    [
      'choice',
      ['logging:', '  level: inf'],
      ['2:10 logging.level: expected debug, info, warn, error or silent, got text "inf", did you mean "info"?'],
    ],
    [
      'choice, far off',
      ['logging:', '  format: xml'],
      ['2:11 logging.format: expected json or console, got text "xml"'],
    ],
    ['other backend', ['cache:', '  backend: disk'], ['2:12 cache.backend: expected memory or redis, got text "disk"']],
    [
      'address of Redis, without showing it',
      ['cache:', '  redis: { url: "redis://secret@10.0.0.1" }'],
      ['2:17 cache.redis.url: write the password as redis://:password@host'],
    ],
    [
      'address',
      ['providers:', '  - name: a', '    baseUrl: api.example.com'],
      ['3:14 providers[0].baseUrl: expected an http:// or https:// address'],
    ],
    [
      'name',
      ['providers:', '  - name: my provider'],
      ['2:11 providers[0].name: use letters, digits, ".", "_" and "-"'],
    ],
    ['path', ['metrics:', '  endpoint: metrics'], ['2:13 metrics.endpoint: expected a path such as /metrics']],
    [
      'key with a space',
      ['providers:', '  - name: a', '    apiKey: sk a'],
      ['3:13 providers[0].apiKey: has a space or another character no key has: was something copied along?'],
    ],
    [
      'header of two lines',
      ['providers:', '  - name: a', '    headers:', '      x: "a\\nb"'],
      ['4:10 providers[0].headers.x: a header value is one line of Latin text'],
    ],
    [
      'limit without a number',
      ['rateLimit:', '  global: { window: 1m }'],
      ['2:11 rateLimit.global: give requests, tokens or both'],
    ],
    [
      'limit in block style',
      ['rateLimit:', '  global:', '    window: 1m'],
      ['2:3 rateLimit.global: give requests, tokens or both'],
    ],
    [
      'client key without key',
      ['auth:', '  keys:', '    - name: a', '    - { name: b, key: x, hash: y }'],
      [
        '3:7 auth.keys[0]: give key or hash, one of them',
        '4:7 auth.keys[1]: give key or hash, one of them',
        '4:32 auth.keys[1].hash: expected s2:..., as the gateway makes it, or sha256: and 64 hexadecimal digits',
      ],
    ],
    [
      'client key that expires on no day',
      [
        'auth:',
        '  keys:',
        '    - { name: a, key: x, expires: 2026-02-30 }',
        '    - { name: b, key: y, expires: tomorrow }',
        '    - { name: c, key: z, expires: 2026 }',
        '    - { name: d, key: w, expires: 2026-12-31T18:00:00 }',
      ],
      [
        '3:35 auth.keys[0].expires: "2026-02-30" is no day or time; write e.g. 2026-12-31, or 2026-12-31T18:00:00Z (UTC) with its zone',
        '4:35 auth.keys[1].expires: "tomorrow" is no day or time; write e.g. 2026-12-31, or 2026-12-31T18:00:00Z (UTC) with its zone',
        '5:35 auth.keys[2].expires: expected a day, e.g. 2026-12-31, or a time with its zone, e.g. 2026-12-31T18:00:00Z, got 2026',
        '6:35 auth.keys[3].expires: "2026-12-31T18:00:00" is no day or time; write e.g. 2026-12-31, or 2026-12-31T18:00:00Z (UTC) with its zone',
      ],
    ],
    [
      'client key replaced without an end, and half a hash',
      [
        'auth:',
        '  keys:',
        '    - name: a',
        '      hash: s2:abc',
        '      previous:',
        '        hash: sha256:12',
        '      disabled: maybe',
      ],
      [
        '4:13 auth.keys[0].hash: expected s2:..., as the gateway makes it, or sha256: and 64 hexadecimal digits',
        '5:7 auth.keys[0].previous.expires: is required',
        '6:15 auth.keys[0].previous.hash: expected s2:..., as the gateway makes it, or sha256: and 64 hexadecimal digits',
        '7:17 auth.keys[0].disabled: expected true or false, got text "maybe"',
      ],
    ],
    [
      'alias as text',
      ['routing:', '  modelMappings:', '    fast: gpt-4'],
      ['3:11 routing.modelMappings.fast: expected { provider, model } or a list of them, got text "gpt-4"'],
    ],
    [
      'alias without targets',
      ['routing:', '  modelMappings:', '    fast: []'],
      ['3:11 routing.modelMappings.fast: needs at least 1 item'],
    ],
    [
      'chain entry',
      ['routing:', '  fallbackChain: [5, { provider: a }]'],
      [
        '2:19 routing.fallbackChain[0]: expected a provider name or { provider, models }, got 5',
        '2:22 routing.fallbackChain[1].models: is required',
      ],
    ],
    [
      'price',
      ['pricing:', '  overrides:', '    m: { input: -1, output: 2 }'],
      ['3:17 pricing.overrides.m.input: must be at least 0, got -1'],
    ],
  ])

  test('a file that is no map is told so', () => {
    expect(problemsOf('hello')).toEqual(['gateway.yaml expected a section with keys, got text "hello"'])
    expect(problemsOf('- a')).toEqual(['gateway.yaml expected a section with keys, got a list'])
  })

  test('long text is cut', () => {
    expect(problemsOf(`server: ${'x'.repeat(100)}`)).toEqual([
      `gateway.yaml:1:9 server: expected a section with keys, got text "${'x'.repeat(40)}…"`,
    ])
  })
})

describe('everything at once', () => {
  check([
    [
      'in the order of the file',
      [
        'server:',
        '  prot: 1',
        '  readTimeout: 30',
        'providers:',
        '  - name: openai',
        '    apiKey: ${OPENAI_API_KEY}',
        '    timeout: soon',
        '  - name: openai',
        'routing:',
        '  defaultProvider: opnai',
        '  defaultProvider: openai',
        'cahce: {}',
      ],
      [
        '2:3 server.prot: unknown key "prot", did you mean "port"?',
        '3:16 server.readTimeout: 30 has no unit; write e.g. 30s or 30ms',
        '6:13 providers[0].apiKey: environment variable OPENAI_API_KEY is not set; set it, or write ${OPENAI_API_KEY:-default}',
        '7:14 providers[0].timeout: "soon" is not a duration; write e.g. 500ms, 30s, 1h30m, 7d',
        '8:11 providers[1].name: the provider name "openai" is already taken by providers[0]',
        '11:3 duplicate key "defaultProvider"',
        '12:1 cahce: unknown key "cahce", did you mean "cache"?',
      ],
    ],
  ])
})

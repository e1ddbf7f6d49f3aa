import { describe, expect, test } from 'vitest'
import { parseArguments } from '../../../gateway/cli-arguments.ts'

const defaults = {
  kind: 'prices',
  verb: 'show',
  subject: undefined,
  yes: false,
  force: false,
  json: false,
  help: false,
  config: undefined,
  dataDir: undefined,
}

test.each<[string, string[], object]>([
  ['nothing', [], {}],
  ['show', ['show'], {}],
  ['show of a model', ['show', 'openai/gpt-5', '--json'], { subject: 'openai/gpt-5', json: true }],
  ['diff', ['diff', 'list.json', '-c', 'g.yaml'], { verb: 'diff', subject: 'list.json', config: 'g.yaml' }],
  [
    'update',
    ['update', 'https://example.org/x', '-y', '--force', '--data-dir=/d'],
    { verb: 'update', subject: 'https://example.org/x', yes: true, force: true, dataDir: '/d' },
  ],
  ['reset', ['reset'], { verb: 'reset' }],
  ['help of a verb', ['update', '--help'], { verb: 'update', help: true }],
])('%s', (_name, argv, expected) => {
  expect(parseArguments(['prices', ...argv], {})).toEqual({ ...defaults, ...expected })
})

test('variables, which flags win over', () => {
  const env = { LLM_GATEWAY_DATA_DIR: '/a', LLM_GATEWAY_CONFIG: 'b.yaml' }
  expect(parseArguments(['prices'], env)).toMatchObject({ dataDir: '/a', config: 'b.yaml' })
  expect(parseArguments(['prices', '--data-dir', '/c'], env)).toMatchObject({ dataDir: '/c' })
})

describe('what cannot be followed', () => {
  test.each<[string[], RegExp]>([
    [['shwo'], /prices cannot "shwo", did you mean "show"\?/],
    [['update'], /prices update needs a file or an address/],
    [['diff'], /prices diff needs/],
    [['reset', 'x'], /unexpected argument "x"/],
    [['show', 'a', 'b'], /unexpected argument "b"/],
    [['--jsn'], /unknown flag --jsn, did you mean --json\?/],
    [['--yes=1'], /--yes takes no value/],
    [['--data-dir'], /--data-dir needs a value/],
  ])('%j', (argv, message) => {
    expect(parseArguments(['prices', ...argv], {})).toMatchObject({
      kind: 'problem',
      message: expect.stringMatching(message) as string,
    })
  })

  test('prices after flags', () => {
    expect(parseArguments(['--check', 'prices'], {})).toMatchObject({
      message: expect.stringMatching(/comes first/) as string,
    })
  })
})

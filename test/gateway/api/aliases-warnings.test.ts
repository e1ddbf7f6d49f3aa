import { expect, test } from 'vitest'
import { aliasWarnings } from '../../../gateway/api/aliases-warnings.ts'
import type { AliasTarget } from '../../../gateway/contract.ts'
import { memoryConfiguration, routingView } from './memory-configuration.ts'

const { table } = routingView(
  memoryConfiguration(`
providers:
  - { name: openai, apiKey: k, models: [gpt-5, gpt-5-mini, o/x] }
  - { name: groq }
  - { name: ollama }
routing:
  modelMappings:
    fast: { provider: openai, model: gpt-5-mini }
`),
)
const to = (path: string, weight?: number): AliasTarget => {
  const [provider = '', ...model] = path.split('/')
  return { provider, model: model.join('/'), ...(weight === undefined ? {} : { weight }) }
}

const table_: [name: string, targets: AliasTarget[], warnings: string[]][] = [
  ['smart', [to('openai/gpt-5')], []],
  ['smart', [to('openai/gpt-5', 1), to('ollama/x', 2)], []],
  ['smart', [], ['It leads nowhere: add a target.']],
  ['smart', [to('opnai/gpt-5')], ['There is no provider "opnai", did you mean "openai"?']],
  ['smart', [to('zzz/gpt-5')], ['There is no provider "zzz"; add it first.']],
  ['smart', [to('openai/gpt-6')], ['"gpt-6" is not among the models that are set for openai.']],
  ['gpt-5', [to('openai/gpt-5')], []],
  ['gpt-5', [to('ollama/x')], ['"gpt-5" is also a model of openai: calls for it go to this alias instead.']],
  ['gpt-6', [to('openai/gpt-6')], ['"gpt-6" maps to itself: the models of openai have no "gpt-6".']],
  ['groq/llama', [to('ollama/x')], ['Without this alias "groq/llama" means the model "llama" of groq.']],
  ['o/x', [to('openai/o/x')], []],
  [' smart', [to('ollama/x')], ['The name begins or ends with a space; clients must write it so too.']],
  [
    'smart',
    [to('ollama/fast')],
    ['"fast" is an alias too, and aliases do not lead to aliases: ollama is asked for a model of this name.'],
  ],
  ['smart', [to('openai/gpt-5', 1), to('ollama/x')], ['Give every target a weight, or none.']],
  ['smart', [to('openai/gpt-5', 1)], ['A weight means nothing where there is one target.']],
  ['smart', [to('ollama/x'), to('ollama/x')], ['ollama/x is a target twice.']],
  [
    'smart',
    [to('groq/x')],
    ['groq cannot be asked yet. It has no key yet: add one, or set the environment variable GROQ_API_KEY.'],
  ],
]
test.each(table_)('%s -> %j', (name, targets, warnings) => {
  expect(aliasWarnings({ name, targets }, table)).toEqual(warnings)
})

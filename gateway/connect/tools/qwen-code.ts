import { inHome } from '../places.ts'
import type { EditTool } from '../tool.ts'

/** A variable of our own: OPENAI_API_KEY of the shell would win over the settings. */
const keyVariable = 'LLM_GATEWAY_API_KEY'
const item = { item: { envKey: keyVariable } }

function inSettings(...path: string[]) {
  return { file: 'settings', path, overrides: [{ file: '.qwen/settings.json', format: 'json', path } as const] }
}

/** The one-file setup of qwenlm.github.io/qwen-code-docs; the wire was verified with 0.24. */
export const qwenCode: EditTool = {
  kind: 'edits',
  id: 'qwen-code',
  name: 'Qwen Code',
  summary: 'Adds one model of the gateway to Qwen Code and chooses it.',
  documentation: 'https://qwenlm.github.io/qwen-code-docs/en/users/configuration/model-providers/',
  model: 'required',
  hasSmallModel: false,
  notes: ['Start Qwen Code anew. It uses the key instead of another login until you undo this.'],
  cannot: [],
  signs: (places) => ({ folders: [inHome(places, '.qwen')], programs: ['qwen'] }),
  files: (places) => ({ settings: { path: inHome(places, '.qwen', 'settings.json'), format: 'json' } }),
  edits: ({ baseUrl, key, model }) => ({
    settings: [
      {
        path: ['modelProviders', 'openai', item],
        value: { id: model, name: `${model} (LLM Gateway)`, baseUrl: `${baseUrl}/v1`, envKey: keyVariable },
      },
      { path: ['env', keyVariable], value: key },
      { path: ['security', 'auth', 'selectedType'], value: 'openai' },
      { path: ['model', 'name'], value: model, isChoice: true },
    ],
  }),
  watched: [
    { name: 'Address', file: 'settings', path: ['modelProviders', 'openai', item, 'baseUrl'] },
    { name: 'Key', isSecret: true, variable: keyVariable, ...inSettings('env', keyVariable) },
    { name: 'Login', ...inSettings('security', 'auth', 'selectedType') },
    { name: 'Model', variable: 'OPENAI_MODEL', ...inSettings('model', 'name') },
  ],
  cards: ({ baseUrl, key, model = 'MODEL' }) => [
    {
      title: 'For one run, without changing files',
      language: 'shell',
      text: `OPENAI_BASE_URL=${baseUrl}/v1 OPENAI_API_KEY=${key} OPENAI_MODEL=${model} qwen --auth-type openai\n`,
    },
  ],
}

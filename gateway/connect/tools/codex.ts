import { readValue } from '../edit.ts'
import { folderFrom, joinPath } from '../places.ts'
import type { EditTool } from '../tool.ts'

const provider = 'llm-gateway'

/**
 * Verified with 0.169. `experimental_bearer_token` is the documented way to keep the key in the file itself; the other,
 * `env_key`, wants a variable in every shell (developers.openai.com/codex/config-advanced).
 */
export const codex: EditTool = {
  kind: 'edits',
  id: 'codex',
  name: 'OpenAI Codex',
  summary: 'Adds the gateway to the model providers of Codex and makes it the one in use.',
  documentation: 'https://developers.openai.com/codex/config-advanced',
  model: 'optional',
  hasSmallModel: false,
  notes: [
    'Start Codex anew: it reads its configuration only then. The command line and the IDE extension share it.',
    'The key stands in the file itself, so no variable has to be exported and no login is needed.',
    'Codex lists the models of the gateway in /model.',
  ],
  cannot: ['Codex in the cloud and in ChatGPT does not read this file.'],
  signs: (places) => ({ folders: [folderFrom(places, 'CODEX_HOME', '.codex')], programs: ['codex'] }),
  files: (places) => ({
    config: { path: joinPath(places, folderFrom(places, 'CODEX_HOME', '.codex'), 'config.toml'), format: 'toml' },
  }),
  edits: ({ baseUrl, key, model }) => ({
    config: [
      ...(model === undefined ? [] : [{ path: ['model'], value: model, isChoice: true }]),
      { path: ['model_provider'], value: provider },
      {
        path: ['model_providers', provider],
        value: {
          name: 'LLM Gateway',
          base_url: `${baseUrl}/v1`,
          wire_api: 'responses',
          experimental_bearer_token: key,
          model_catalog_url: `${baseUrl}/v1/models`,
        },
      },
      // Without it the catalog is not asked for.
      { path: ['features', 'api_key_model_discovery'], value: true },
    ],
  }),
  watched: [
    { name: 'Provider', file: 'config', path: ['model_provider'] },
    { name: 'Address', file: 'config', path: ['model_providers', provider, 'base_url'] },
    { name: 'Key', file: 'config', path: ['model_providers', provider, 'experimental_bearer_token'], isSecret: true },
    {
      name: 'Model',
      file: 'config',
      path: ['model'],
      overrides: [{ file: '.codex/config.toml', format: 'toml', path: ['model'] }],
    },
  ],
  pitfalls(data) {
    const profile = readValue(data('config'), ['profile'])
    if (typeof profile !== 'string') return []
    const own = readValue(data('config'), ['profiles', profile, 'model_provider'])
    if (typeof own !== 'string' || own === provider) return []
    return [`The profile "${profile}" of config.toml uses the provider "${own}": take its model_provider out.`]
  },
  cards: ({ baseUrl, key }) => [
    {
      title: 'For one run, without changing files',
      language: 'shell',
      text: [
        `codex -c model_provider=${provider} \\`,
        `  -c 'model_providers.${provider}={name="LLM Gateway", base_url="${baseUrl}/v1", wire_api="responses", experimental_bearer_token="${key}"}'`,
        '',
      ].join('\n'),
    },
  ],
}

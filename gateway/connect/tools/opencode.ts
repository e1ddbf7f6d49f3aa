import { configHome, folderFrom, joinPath, type Places } from '../places.ts'
import { allModels, type EditTool, type Override } from '../tool.ts'

const provider = 'llm-gateway'

function folder(places: Places): string {
  // The same on every system (opencode.ai/docs/config).
  return configHome(places, 'opencode')
}

function inConfig(...path: string[]) {
  const overrides = ['opencode.jsonc', 'opencode.json'].map((file): Override => ({ file, format: 'json', path }))
  return { file: 'config', path, overrides }
}

/** Verified with 1.18. */
export const opencode: EditTool = {
  kind: 'edits',
  id: 'opencode',
  name: 'opencode',
  summary: 'Adds the gateway to the providers of opencode and makes its model the default.',
  documentation: 'https://opencode.ai/docs/providers/#custom-provider',
  model: 'required',
  hasSmallModel: true,
  notes: ['Start opencode anew. Models of the gateway are listed under LLM Gateway in /models.'],
  cannot: [],
  signs: (places) => ({
    folders: [folder(places), folderFrom(places, 'OPENCODE_INSTALL_DIR', '.opencode')],
    programs: ['opencode'],
  }),
  files(places) {
    const [jsonc, json] = ['opencode.jsonc', 'opencode.json'].map((name) => joinPath(places, folder(places), name))
    const path = jsonc !== undefined && places.exists(jsonc) ? jsonc : (json ?? '')
    return { config: { path, format: 'json' } }
  },
  edits(target) {
    const { baseUrl, key, model, smallModel } = target
    return {
      config: [
        {
          path: ['provider', provider],
          value: {
            npm: '@ai-sdk/openai-compatible',
            name: 'LLM Gateway',
            options: { baseURL: `${baseUrl}/v1`, apiKey: key },
            models: Object.fromEntries(allModels(target).map((name) => [name, { name }])),
          },
        },
        { path: ['model'], value: `${provider}/${model}` },
        { path: ['small_model'], value: `${provider}/${smallModel ?? model}` },
      ],
    }
  },
  watched: [
    { name: 'Address', ...inConfig('provider', provider, 'options', 'baseURL') },
    { name: 'Key', isSecret: true, ...inConfig('provider', provider, 'options', 'apiKey') },
    { name: 'Model', ...inConfig('model') },
    { name: 'Small model', ...inConfig('small_model') },
  ],
  rivals: {
    OPENCODE_CONFIG: 'opencode reads that file over its own',
    OPENCODE_CONFIG_CONTENT: 'opencode takes its settings from that variable over its files',
  },
  pitfalls(data) {
    const { disabled_providers: disabled, enabled_providers: enabled } = (data('config') ?? {}) as Record<
      string,
      unknown
    >
    if (Array.isArray(disabled) && disabled.includes(provider)) {
      return [`disabled_providers names "${provider}": take it out, or opencode does not offer the gateway.`]
    }
    if (!Array.isArray(enabled) || enabled.includes(provider)) return []
    return [`enabled_providers does not name "${provider}": add it, or opencode does not offer the gateway.`]
  },
}

import { configHome, inHome, joinPath, windowsFolder, type Places } from '../places.ts'
import { allModels, type EditTool } from '../tool.ts'

const provider = 'llm-gateway'

function folder(places: Places): string {
  if (places.platform === 'win32') return windowsFolder(places, 'Roaming', 'Zed')
  return places.platform === 'darwin' ? inHome(places, '.config', 'zed') : configHome(places, 'zed')
}

/** Zed asks for the size of a model and cannot look it up: most models of today have at least this much room. */
const maxTokens = 128_000

function inSettings(...path: string[]) {
  return { file: 'settings', path, overrides: [{ file: '.zed/settings.json', format: 'json', path } as const] }
}

/** Of zed.dev/docs/ai/llm-providers; not tried with Zed itself. */
export const zed: EditTool = {
  kind: 'edits',
  id: 'zed',
  name: 'Zed',
  summary: 'Adds the gateway to the OpenAI-compatible providers of Zed and makes its model the default of the agent.',
  documentation: 'https://zed.dev/docs/ai/llm-providers#openai-api-compatible',
  model: 'required',
  hasSmallModel: false,
  keyByHand:
    'Zed keeps keys in the keychain of the system: open the settings of its agent, LLM Providers, llm-gateway, and paste the key there, or set LLM_GATEWAY_API_KEY where Zed is started.',
  notes: ['Zed takes the settings up by itself.'],
  cannot: [
    'The key cannot be written into the settings of Zed; it has to be pasted once.',
    'Agents of other makers inside Zed (Claude Code, Codex) have configurations of their own: connect those.',
  ],
  signs: (places) => ({ folders: [folder(places)], programs: ['zed', 'zeditor'] }),
  files: (places) => ({ settings: { path: joinPath(places, folder(places), 'settings.json'), format: 'json' } }),
  edits: (target) => ({
    settings: [
      {
        path: ['language_models', 'openai_compatible', provider],
        value: {
          api_url: `${target.baseUrl}/v1`,
          available_models: allModels(target).map((name) => ({
            name,
            max_tokens: maxTokens,
            capabilities: { tools: true, images: true, parallel_tool_calls: true, prompt_cache_key: false },
          })),
        },
      },
      { path: ['agent', 'default_model'], value: { provider, model: target.model }, isChoice: true },
    ],
  }),
  watched: [
    { name: 'Address', ...inSettings('language_models', 'openai_compatible', provider, 'api_url') },
    { name: 'Provider', ...inSettings('agent', 'default_model', 'provider') },
    { name: 'Model', ...inSettings('agent', 'default_model', 'model') },
  ],
}

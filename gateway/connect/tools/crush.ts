import { configHome, joinPath, windowsFolder, type Places } from '../places.ts'
import { allModels, type EditTool, type Override } from '../tool.ts'

const provider = 'llm-gateway'

function folder(places: Places): string {
  return places.platform === 'win32' ? windowsFolder(places, 'Local', 'crush') : configHome(places, 'crush')
}

function inConfig(...path: string[]) {
  const overrides = ['.crush.json', 'crush.json'].map((file): Override => ({ file, format: 'json', path }))
  return { file: 'config', path, overrides }
}

/** Of the README of charmbracelet/crush; not tried with Crush itself. */
export const crush: EditTool = {
  kind: 'edits',
  id: 'crush',
  name: 'Crush',
  summary: 'Adds the gateway to the providers of Crush and chooses its models.',
  documentation: 'https://github.com/charmbracelet/crush#custom-providers',
  model: 'required',
  hasSmallModel: true,
  notes: ['Start Crush anew. A model that was chosen inside Crush before may still count: choose again with Ctrl+L.'],
  cannot: [],
  signs: (places) => ({ folders: [folder(places)], programs: ['crush'] }),
  files: (places) => ({ config: { path: joinPath(places, folder(places), 'crush.json'), format: 'json' } }),
  edits(target) {
    const { baseUrl, key, model, smallModel } = target
    return {
      config: [
        {
          path: ['providers', provider],
          value: {
            name: 'LLM Gateway',
            type: 'openai-compat',
            base_url: `${baseUrl}/v1`,
            api_key: key,
            models: allModels(target).map((name) => ({
              id: name,
              name,
              context_window: 128_000,
              default_max_tokens: 16_000,
            })),
          },
        },
        { path: ['models', 'large'], value: { provider, model } },
        { path: ['models', 'small'], value: { provider, model: smallModel ?? model } },
      ],
    }
  },
  watched: [
    { name: 'Address', ...inConfig('providers', provider, 'base_url') },
    { name: 'Key', isSecret: true, ...inConfig('providers', provider, 'api_key') },
    { name: 'Model', ...inConfig('models', 'large', 'model') },
    { name: 'Small model', ...inConfig('models', 'small', 'model') },
  ],
}

import { folderFrom, joinPath, type Places } from '../places.ts'
import type { EditTool } from '../tool.ts'

const item = { item: { name: 'LLM Gateway' } }

function inFolder(places: Places, name: string): string {
  return joinPath(places, folderFrom(places, 'CONTINUE_GLOBAL_DIR', '.continue'), name)
}

/** Verified with its command line, 1.5; the extensions read the same file. */
export const continueDev: EditTool = {
  kind: 'edits',
  id: 'continue',
  name: 'Continue',
  summary: 'Adds one model of the gateway to Continue, for chat, edits and agents.',
  documentation: 'https://docs.continue.dev/reference',
  model: 'required',
  hasSmallModel: false,
  notes: [
    'Choose the model LLM Gateway in the list below the chat box; Continue remembers the one chosen last.',
    'Editors take the change up by themselves; the command line cn has to be started anew.',
  ],
  cannot: ['With a configuration of the Continue hub chosen as your assistant, the local file is not read.'],
  signs: (places) => ({ folders: [folderFrom(places, 'CONTINUE_GLOBAL_DIR', '.continue')], programs: ['cn'] }),
  files: (places) => ({ config: { path: inFolder(places, 'config.yaml'), format: 'yaml' } }),
  refusal(places) {
    if (places.exists(inFolder(places, 'config.yaml')) || !places.exists(inFolder(places, 'config.json')))
      return undefined
    return 'Continue uses the older config.json here, and a config.yaml beside it would hide it. Move to config.yaml first (Continue offers to), then connect.'
  },
  edits({ baseUrl, key, model }, isNew) {
    const head = { name: 'Local Config', version: '1.0.0', schema: 'v1' }
    const made = Object.entries(head).map(([name, value]) => ({ path: [name], value }))
    const value = {
      name: item.item.name,
      provider: 'openai',
      model,
      apiBase: `${baseUrl}/v1`,
      apiKey: key,
      roles: ['chat', 'edit', 'apply'],
      capabilities: ['tool_use'],
    }
    // What a file must have to be read at all.
    return { config: [...(isNew('config') ? made : []), { path: ['models', item], value }] }
  },
  watched: [
    { name: 'Address', file: 'config', path: ['models', item, 'apiBase'] },
    { name: 'Key', file: 'config', path: ['models', item, 'apiKey'], isSecret: true },
    { name: 'Model', file: 'config', path: ['models', item, 'model'] },
  ],
}

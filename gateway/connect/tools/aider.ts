import { inHome } from '../places.ts'
import type { EditTool } from '../tool.ts'

const file = '.aider.conf.yml'

/** Flags win over variables, variables over files, the project's file over the home's (aider.chat/docs/config). */
function option(name: string) {
  return {
    file: 'config',
    path: [name],
    variable: `AIDER_${name.toUpperCase().replaceAll('-', '_')}`,
    overrides: [{ file, format: 'yaml', path: [name] } as const],
  }
}

export const aider: EditTool = {
  kind: 'edits',
  id: 'aider',
  name: 'Aider',
  summary: 'Sets the address, key and model of Aider in ~/.aider.conf.yml.',
  documentation: 'https://aider.chat/docs/llms/openai-compat.html',
  model: 'required',
  hasSmallModel: true,
  notes: ['Start Aider anew. It names models of the gateway openai/NAME, and warns that it does not know their sizes.'],
  cannot: [],
  signs: (places) => ({ folders: [inHome(places, '.aider')], programs: ['aider'] }),
  files: (places) => ({ config: { path: inHome(places, file), format: 'yaml' } }),
  edits: ({ baseUrl, key, model, smallModel }) => ({
    config: [
      { path: ['openai-api-base'], value: `${baseUrl}/v1` },
      { path: ['openai-api-key'], value: key },
      { path: ['model'], value: `openai/${model}` },
      ...(smallModel === undefined ? [] : [{ path: ['weak-model'], value: `openai/${smallModel}` }]),
    ],
  }),
  watched: [
    { name: 'Address', ...option('openai-api-base') },
    { name: 'Key', isSecret: true, ...option('openai-api-key') },
    { name: 'Model', ...option('model') },
    { name: 'Small model', ...option('weak-model') },
  ],
  cards: ({ baseUrl, key, model = 'MODEL' }) => [
    {
      title: 'For one run, without changing files',
      language: 'shell',
      text: `OPENAI_API_BASE=${baseUrl}/v1 OPENAI_API_KEY=${key} aider --model openai/${model}\n`,
    },
  ],
}

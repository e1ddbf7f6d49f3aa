import { inHome } from '../places.ts'
import type { EditTool, Override } from '../tool.ts'

/** The first .env on the way up is the only one that is read; those in the home come last. */
function environmentFiles(variable: string): Override[] {
  return ['.gemini/.env', '.env'].map((file) => ({ file, format: 'dotenv', path: [variable], hides: true }))
}

function inEnvironment(variable: string) {
  return { file: 'env', path: [variable], variable, overrides: environmentFiles(variable) }
}

function inSettings(...path: string[]) {
  return { file: 'settings', path, overrides: [{ file: '.gemini/settings.json', format: 'json', path } as const] }
}

/** Verified with 0.61. */
export const geminiCli: EditTool = {
  kind: 'edits',
  id: 'gemini-cli',
  name: 'Gemini CLI',
  summary: 'Sets the address and key of Gemini CLI in ~/.gemini/.env and chooses login by key.',
  documentation: 'https://geminicli.com/docs/get-started/authentication',
  model: 'optional',
  hasSmallModel: false,
  notes: [
    'Start Gemini CLI anew. It uses the key instead of your Google login until you undo this.',
    'Without a model of your choice it asks for Gemini models by their own names, some of them small ones for routing.',
  ],
  cannot: [],
  signs: (places) => ({ folders: [inHome(places, '.gemini')], programs: ['gemini'] }),
  files: (places) => ({
    env: { path: inHome(places, '.gemini', '.env'), format: 'dotenv' },
    settings: { path: inHome(places, '.gemini', 'settings.json'), format: 'json' },
  }),
  edits: ({ baseUrl, key, model }) => ({
    env: [
      { path: ['GOOGLE_GEMINI_BASE_URL'], value: baseUrl },
      { path: ['GEMINI_API_KEY'], value: key },
    ],
    settings: [
      { path: ['security', 'auth', 'selectedType'], value: 'gemini-api-key' },
      ...(model === undefined ? [] : [{ path: ['model', 'name'], value: model, isChoice: true }]),
    ],
  }),
  watched: [
    { name: 'Address', ...inEnvironment('GOOGLE_GEMINI_BASE_URL') },
    { name: 'Key', isSecret: true, ...inEnvironment('GEMINI_API_KEY') },
    { name: 'Login', ...inSettings('security', 'auth', 'selectedType') },
    { name: 'Model', variable: 'GEMINI_MODEL', ...inSettings('model', 'name') },
  ],
  rivals: {
    GOOGLE_GENAI_USE_VERTEXAI: 'Gemini CLI would go to Vertex AI instead of the gateway',
    GOOGLE_GENAI_USE_GCA: 'Gemini CLI would use your Google login instead of the gateway',
  },
  cards: ({ baseUrl, key }) => [
    {
      title: 'For one run, without changing files',
      language: 'shell',
      text: `GOOGLE_GEMINI_BASE_URL=${baseUrl} GEMINI_API_KEY=${key} gemini\n`,
    },
  ],
}

import { configHome, inHome } from '../places.ts'
import { allModels, type Card, type CopyTool, type Target } from '../tool.ts'

const app = { kind: 'copy', hasSmallModel: false, model: 'optional' } as const

function fields(title: string, values: Record<string, string>): Card {
  const text = Object.entries(values).map(([name, value]) => `${name}: ${value}\n`)
  return { title, language: 'text', text: text.join('') }
}

function shell(title: string, lines: string[]): Card {
  return { title, language: 'shell', text: `${lines.join('\n')}\n` }
}

function modelOf({ model }: Target): string {
  return model ?? 'MODEL'
}

export const openWebui: CopyTool = {
  ...app,
  id: 'open-webui',
  name: 'Open WebUI',
  summary: 'Chat in the browser, usually in a container, over the gateway.',
  documentation: 'https://docs.openwebui.com/getting-started/env-configuration',
  notes: [
    'The variables count on the first start alone; later, change the connection under Admin Panel, Settings, Connections.',
    'On macOS and Windows a container reaches this machine as host.docker.internal: add that name to server.allowedHosts.',
  ],
  cannot: [],
  cards: ({ baseUrl, key }) => {
    const fromContainer = baseUrl.replace(/\/\/(127\.0\.0\.1|localhost|\[::1\])(?=[:/]|$)/, '//host.docker.internal')
    const run = (address: string, network: string): string[] => [
      `docker run -d --name open-webui ${network} \\`,
      `  -e OPENAI_API_BASE_URL=${address}/v1 \\`,
      `  -e OPENAI_API_KEY=${key} \\`,
      '  -v open-webui:/app/backend/data \\',
      '  ghcr.io/open-webui/open-webui:main',
    ]
    return [
      shell('Docker on Linux (then open port 8081)', run(baseUrl, '--network host -e PORT=8081')),
      shell('Docker on macOS and Windows (then open port 3000)', run(fromContainer, '-p 3000:8080')),
      fields('Admin Panel, Settings, Connections, OpenAI API', { URL: `${baseUrl}/v1`, 'API key': key }),
    ]
  },
}

export const cline: CopyTool = {
  ...app,
  id: 'cline',
  name: 'Cline',
  summary: 'The agent in VS Code and JetBrains, and its command line.',
  documentation: 'https://docs.cline.bot/provider-config/openai-compatible',
  notes: ['Its settings lie in the secret store of the editor, so they have to be entered there.'],
  cannot: [],
  signs: (places) => ({ folders: [inHome(places, '.cline')], programs: ['cline'] }),
  cards: (target) => [
    fields('Settings of the extension', {
      'API Provider': 'OpenAI Compatible',
      'Base URL': `${target.baseUrl}/v1`,
      'API Key': target.key,
      'Model ID': modelOf(target),
    }),
    shell('Command line', [
      `cline auth -p openai-compatible -k ${target.key} -m ${modelOf(target)} -b ${target.baseUrl}/v1`,
    ]),
  ],
}

export const jetbrains: CopyTool = {
  ...app,
  id: 'jetbrains',
  name: 'JetBrains AI Assistant',
  summary: 'AI Assistant and Junie in the IDEs of JetBrains.',
  documentation: 'https://www.jetbrains.com/help/ai-assistant/use-custom-models.html',
  notes: ['Press Test Connection, then choose the models under Models Assignment.'],
  cannot: ['Completion of code while you type stays with JetBrains unless you assign a model to it.'],
  cards: ({ baseUrl, key }) => [
    fields('Settings, Tools, AI Assistant, Providers & API keys', {
      Provider: 'OpenAI-compatible',
      URL: `${baseUrl}/v1`,
      'API Key': key,
    }),
  ],
}

export const copilot: CopyTool = {
  ...app,
  id: 'github-copilot',
  name: 'GitHub Copilot',
  summary: 'Models of your own in the command line of Copilot and in VS Code.',
  documentation: 'https://code.visualstudio.com/docs/copilot/customization/language-models',
  notes: ['With COPILOT_OFFLINE the command line needs no login at GitHub and talks to the gateway alone.'],
  cannot: ['Completion of code while you type stays with the service of GitHub.'],
  signs: (places) => ({ folders: [inHome(places, '.copilot')], programs: ['copilot'] }),
  cards: (target) => [
    shell('Command line', [
      'export COPILOT_OFFLINE=true',
      'export COPILOT_PROVIDER_TYPE=openai',
      'export COPILOT_PROVIDER_WIRE_API=responses',
      `export COPILOT_PROVIDER_BASE_URL=${target.baseUrl}/v1`,
      `export COPILOT_PROVIDER_API_KEY=${target.key}`,
      `export COPILOT_MODEL=${modelOf(target)}`,
    ]),
    {
      title: 'VS Code: Chat, Manage Models, Custom Endpoint (chatLanguageModels.json)',
      language: 'json',
      text: `${JSON.stringify([vsCodeEntry(target)], undefined, 2)}\n`,
    },
  ],
}

function vsCodeEntry(target: Target): object {
  const names = target.model === undefined && target.offered.length === 0 ? [modelOf(target)] : allModels(target)
  return {
    vendor: 'customendpoint',
    name: 'LLM Gateway',
    apiKey: target.key,
    apiType: 'chat-completions',
    models: names.map((id) => ({
      id,
      name: id,
      url: `${target.baseUrl}/v1/chat/completions`,
      toolCalling: true,
      vision: true,
      maxInputTokens: 128_000,
      maxOutputTokens: 16_000,
    })),
  }
}

export const raycast: CopyTool = {
  ...app,
  id: 'raycast',
  name: 'Raycast',
  summary: 'Raycast AI on macOS and Windows with models of the gateway.',
  documentation: 'https://manual.raycast.com/ai/custom-providers',
  notes: ['Turn on Custom Providers in its AI settings first. Add the entry to the file that Raycast opens there.'],
  cannot: [],
  signs: (places) => ({ folders: [configHome(places, 'raycast')], programs: [] }),
  cards: (target) => [
    {
      title: '~/.config/raycast/ai/providers.yaml',
      language: 'yaml',
      text: [
        'providers:',
        '  - id: llm-gateway',
        '    name: LLM Gateway',
        `    base_url: ${target.baseUrl}/v1`,
        '    api_keys:',
        `      llm-gateway: ${JSON.stringify(target.key)}`,
        '    models:',
        `      - id: ${JSON.stringify(modelOf(target))}`,
        `        name: ${JSON.stringify(modelOf(target))}`,
        '        context: 128000',
        '        abilities:',
        '          tools:',
        '            supported: true',
        '',
      ].join('\n'),
    },
  ],
}

export const n8n: CopyTool = {
  ...app,
  id: 'n8n',
  name: 'n8n',
  summary: 'The OpenAI and Anthropic nodes of n8n.',
  documentation: 'https://docs.n8n.io/integrations/builtin/credentials/openai/',
  notes: [
    'In a container, use an address under which it reaches this machine, and add that name to server.allowedHosts.',
  ],
  cannot: ['n8n in the cloud cannot reach this machine.'],
  cards: ({ baseUrl, key }) => [
    fields('Credential of kind OpenAI', { 'API Key': key, 'Base URL': `${baseUrl}/v1` }),
    fields('Credential of kind Anthropic', { 'API Key': key, 'Base URL': baseUrl }),
  ],
}

export const goose: CopyTool = {
  ...app,
  id: 'goose',
  name: 'Goose',
  summary: 'Goose on the command line and as an app.',
  documentation: 'https://block.github.io/goose/docs/getting-started/providers',
  notes: ['Address and path are two settings: the path is the whole one, v1/chat/completions.'],
  cannot: [],
  signs: (places) => ({ folders: [configHome(places, 'goose')], programs: ['goose'] }),
  cards: (target) => [
    shell('Variables', [
      'export GOOSE_PROVIDER=openai',
      `export GOOSE_MODEL=${modelOf(target)}`,
      `export OPENAI_HOST=${target.baseUrl}`,
      'export OPENAI_BASE_PATH=v1/chat/completions',
      `export OPENAI_API_KEY=${target.key}`,
    ]),
  ],
}

export const cursor: CopyTool = {
  ...app,
  id: 'cursor',
  name: 'Cursor',
  summary: 'Cursor reaches a gateway only at a public address.',
  documentation: 'https://cursor.com/docs/settings/api-keys',
  notes: ['With an HTTPS address of your own in front of the gateway, set auth.anonymous: false first.'],
  cannot: [
    'Cursor cannot reach localhost: its requests come from the servers of Cursor, not from this machine. It needs a public HTTPS address that leads to the gateway.',
    'Completion of code while you type stays with Cursor.',
  ],
  signs: (places) => ({ folders: [inHome(places, '.cursor')], programs: ['cursor'] }),
  cards: ({ key }) => [
    fields('Settings, Models, API Keys', {
      'Override OpenAI Base URL': 'https://YOUR-PUBLIC-ADDRESS/v1',
      'OpenAI API Key': key,
    }),
  ],
}

/** For whatever is not listed: the three addresses and one call to try. */
export const other: CopyTool = {
  ...app,
  id: 'other',
  name: 'Any other tool',
  summary: 'The addresses of the gateway in each wire format, and a call to try.',
  notes: ['Keys are taken as Authorization: Bearer, x-api-key, api-key and x-goog-api-key.'],
  cannot: ['Tools that ask from servers of their own, in the cloud, cannot reach this machine.'],
  cards: (target) => [
    fields('Addresses', {
      'OpenAI (chat and responses)': `${target.baseUrl}/v1`,
      Anthropic: target.baseUrl,
      'Google Gemini': `${target.baseUrl} (with version: ${target.baseUrl}/v1beta)`,
      Key: target.key,
    }),
    shell('curl', [
      `curl ${target.baseUrl}/v1/chat/completions \\`,
      `  -H 'authorization: Bearer ${target.key}' -H 'content-type: application/json' \\`,
      `  -d '${JSON.stringify({ model: modelOf(target), messages: [{ role: 'user', content: 'Hello' }] }).replaceAll("'", String.raw`'\''`)}'`,
    ]),
  ],
}

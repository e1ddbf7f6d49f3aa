import { folderFrom, inHome, joinPath } from '../places.ts'
import type { EditTool, Override } from '../tool.ts'

/** Settings of a project, and of an administrator, win over the user's (code.claude.com/docs/en/settings). */
function overridesOf(variable: string): Override[] {
  return [
    '/etc/claude-code/managed-settings.json',
    '/Library/Application Support/ClaudeCode/managed-settings.json',
    '.claude/settings.local.json',
    '.claude/settings.json',
  ].map((file) => ({ file, format: 'json', path: ['env', variable] }))
}

function inEnvironment(variable: string) {
  return { file: 'settings', path: ['env', variable], variable, overrides: overridesOf(variable) }
}

/** Verified with 2.1.330: reference of the variables is the gateway contract that its own binary prints. */
export const claudeCode: EditTool = {
  kind: 'edits',
  id: 'claude-code',
  name: 'Claude Code',
  summary: 'Sets the address and key of Claude Code in the env section of its settings.',
  documentation: 'https://code.claude.com/docs/en/llm-gateway',
  model: 'optional',
  hasSmallModel: true,
  notes: [
    'Start Claude Code anew; sessions that run keep the old address.',
    'Without a model of your choice it asks for Claude models by their own names: the gateway needs a provider or aliases for them.',
  ],
  cannot: ['Claude on the web and in the desktop chat app cannot be pointed elsewhere.'],
  signs: (places) => ({ folders: [inHome(places, '.claude')], programs: ['claude'] }),
  files: (places) => ({
    settings: {
      path: joinPath(places, folderFrom(places, 'CLAUDE_CONFIG_DIR', '.claude'), 'settings.json'),
      format: 'json',
    },
  }),
  edits({ baseUrl, key, model, smallModel }) {
    const variables: Record<string, string | undefined> = {
      ANTHROPIC_BASE_URL: baseUrl,
      ANTHROPIC_AUTH_TOKEN: key,
      // Lists models of the gateway whose names start with claude or anthropic in /model.
      CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1',
      ANTHROPIC_MODEL: model,
      ANTHROPIC_DEFAULT_OPUS_MODEL: model,
      ANTHROPIC_DEFAULT_SONNET_MODEL: model,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: smallModel ?? model,
    }
    const given = Object.entries(variables).filter(([, value]) => value !== undefined)
    return { settings: given.map(([name, value]) => ({ path: ['env', name], value })) }
  },
  watched: [
    { name: 'Address', ...inEnvironment('ANTHROPIC_BASE_URL') },
    { name: 'Key', isSecret: true, ...inEnvironment('ANTHROPIC_AUTH_TOKEN') },
    { name: 'Model', ...inEnvironment('ANTHROPIC_MODEL') },
    { name: 'Small model', ...inEnvironment('ANTHROPIC_DEFAULT_HAIKU_MODEL') },
  ],
  rivals: {
    ANTHROPIC_API_KEY: 'Claude Code would send it beside the key of the gateway, and warn of two logins',
    CLAUDE_CODE_USE_BEDROCK: 'Claude Code would go to Amazon Bedrock instead of the gateway',
    CLAUDE_CODE_USE_VERTEX: 'Claude Code would go to Google Vertex AI instead of the gateway',
    CLAUDE_CODE_USE_FOUNDRY: 'Claude Code would go to Microsoft Foundry instead of the gateway',
  },
  cards: ({ baseUrl, key }) => [
    {
      title: 'For one run, without changing files',
      language: 'shell',
      text: `ANTHROPIC_BASE_URL=${baseUrl} ANTHROPIC_AUTH_TOKEN=${key} claude\n`,
    },
  ],
}

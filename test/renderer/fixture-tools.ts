import type { Tool, ToolSnippets } from '../../gateway/contract.ts'
import type { FixtureAnswers, FixtureMood } from './fixture-client.ts'

function toolOf(id: string, name: string, more: Partial<Tool> = {}): Tool {
  return {
    id,
    name,
    kind: 'edits',
    summary: `Writes the address and a key of its own into ${name}'s settings.`,
    detected: true,
    detectedBy: `${id} is on the PATH`,
    state: 'no',
    stateDetail: null,
    isElsewhere: false,
    files: [{ path: `~/.${id}/settings.json`, exists: true, problem: null }],
    model: 'optional',
    hasSmallModel: false,
    notes: [],
    cannot: [],
    documentation: null,
    keyName: null,
    connectedAt: null,
    chosenModel: null,
    chosenSmallModel: null,
    calls: 0,
    lastUsedAt: null,
    ...more,
  }
}

function byHand(id: string, name: string, summary: string, more: Partial<Tool> = {}): Tool {
  return toolOf(id, name, { kind: 'copy', summary, detected: null, detectedBy: null, files: [], ...more })
}

function toolsAt(now: number): Tool[] {
  return [
    toolOf('claude-code', 'Claude Code', {
      state: 'yes',
      hasSmallModel: true,
      notes: ['Start it anew: a running session keeps its old address.'],
      documentation: 'https://code.claude.com/docs/en/llm-gateway',
      keyName: 'claude-code',
      connectedAt: now - 5 * 86_400_000,
      chosenModel: 'smart',
      chosenSmallModel: 'fast',
      calls: 1204,
      lastUsedAt: now - 40_000,
    }),
    toolOf('codex', 'Codex', {
      state: 'changed',
      stateDetail: 'model_provider in ~/.codex/config.toml is "openai" by now.',
      model: 'required',
      files: [{ path: '~/.codex/config.toml', exists: true, problem: null }],
      keyName: 'codex',
      connectedAt: now - 9 * 86_400_000,
      chosenModel: 'gpt-6-sol',
      calls: 88,
      lastUsedAt: now - 3 * 86_400_000,
    }),
    toolOf('zed', 'Zed', {
      state: 'broken',
      stateDetail: '~/.config/zed/settings.json:14:3 is not valid: a comma is missing.',
      files: [{ path: '~/.config/zed/settings.json', exists: true, problem: '14:3: a comma is missing' }],
    }),
    toolOf('gemini-cli', 'Gemini CLI'),
    toolOf('opencode', 'opencode', {
      state: 'changed',
      stateDetail: 'it points at http://127.0.0.1:8081, and the gateway is at http://127.0.0.1:8080',
      isElsewhere: true,
      model: 'required',
      hasSmallModel: true,
      chosenModel: 'fast',
      keyName: 'opencode',
      calls: 12,
      lastUsedAt: now - 6 * 86_400_000,
    }),
    toolOf('aider', 'Aider', { detected: false, detectedBy: null }),
    toolOf('crush', 'Crush', { detected: false, detectedBy: null }),
    byHand('openai-sdk', 'OpenAI SDK', 'Two lines in your program, or two environment variables.'),
    byHand('cursor', 'Cursor', 'Its requests come from servers of its makers.', {
      cannot: ['Cursor cannot reach localhost: its requests come from its makers’ servers, not from this machine.'],
    }),
    byHand('open-webui', 'Open WebUI', 'Environment variables for its container.'),
  ]
}

const diff = `--- ~/.claude/settings.json
+++ ~/.claude/settings.json
@@ -1,5 +1,9 @@
 {
   // my theme
-  "theme": "dark"
+  "theme": "dark",
+  "env": {
+    "ANTHROPIC_BASE_URL": "http://127.0.0.1:8080",
+    "ANTHROPIC_AUTH_TOKEN": "gw-…x7Qa"
+  }
 }
`

function snippetsOf(hasKey: boolean): ToolSnippets {
  const key = hasKey ? 'gw-3f9c2b7e1d' : 'YOUR_KEY'
  return {
    cards: [
      {
        title: 'In the shell',
        language: 'shell',
        text: `export OPENAI_BASE_URL=http://127.0.0.1:8080/v1\nexport OPENAI_API_KEY=${key}`,
      },
      {
        title: 'TypeScript',
        language: 'typescript',
        text: `const client = new OpenAI({\n  baseURL: 'http://127.0.0.1:8080/v1',\n  apiKey: '${key}',\n})`,
      },
    ],
    notes: ['Any model or alias of the gateway can be asked for.'],
    keyName: hasKey ? 'openai-sdk' : null,
  }
}

/** What the Connect page asks. `empty`: nothing is connected, and the tools' files are not the page's to edit. */
export function fixtureTools(mood: FixtureMood, now: number): FixtureAnswers {
  const isEmpty = mood === 'empty'
  const untouched = {
    state: 'no',
    stateDetail: null,
    isElsewhere: false,
    calls: 0,
    lastUsedAt: null,
    chosenModel: null,
  } as const
  const tools = isEmpty ? toolsAt(now).map((tool) => ({ ...tool, ...untouched })) : toolsAt(now)
  const find = (id: string) => tools.find((tool) => tool.id === id) ?? toolOf(id, id)
  return {
    'tools.list': () => ({
      tools,
      baseUrl: 'http://127.0.0.1:8080',
      canEdit: !isEmpty,
      whyNot: isEmpty ? 'This page is open in a browser, and the files of tools are on your machine.' : null,
    }),
    'tools.preview': () => ({ files: [{ path: '~/.claude/settings.json', isNew: false, diff }], warnings: [] }),
    'tools.connect': ({ tool }) => ({
      tool: { ...find(tool), state: 'yes' },
      warnings: [],
      verification: {
        ok: false,
        settings: [
          { name: 'Address', value: 'http://127.0.0.1:8080', from: '~/.claude/settings.json', isOurs: true },
          { name: 'Key', value: 'sk-ant-…9Zk2', from: 'environment variable ANTHROPIC_API_KEY', isOurs: false },
        ],
        conflicts: ['ANTHROPIC_API_KEY is set in your shell and wins over the key that was written: unset it.'],
      },
    }),
    'tools.undo': ({ tool }) => ({
      tool: { ...find(tool), state: 'no' },
      files: [{ path: '~/.claude/settings.json', outcome: 'restored' }],
      warnings: [],
    }),
    'tools.key': ({ tool, hash }) => ({ keyName: hash === null ? null : tool }),
    'tools.snippet': ({ revealKey }) => snippetsOf(revealKey === true),
  }
}

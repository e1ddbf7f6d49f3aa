import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createConnector, type Connector, type ConnectorPorts } from '../../../gateway/connect/connector.ts'
import type { Places } from '../../../gateway/connect/places.ts'
import type { EditTool, Target } from '../../../gateway/connect/tool.ts'
import { tools } from '../../../gateway/connect/tools/index.ts'

/** A home folder of its own, with the files of tools in it. */
export interface Home extends AsyncDisposable {
  home: string
  /** `connect` of the data folder. */
  folder: string
  places: Places
  connector: Connector
  write(path: string, text: string | Uint8Array): Promise<void>
  /** undefined: there is none. */
  read(path: string): Promise<string | undefined>
  /** Every file in the home with its text. */
  all(): Promise<Record<string, string>>
}

export async function makeHome(shell?: ConnectorPorts['shell']): Promise<Home> {
  const root = await mkdtemp(join(tmpdir(), 'connect-'))
  const [home, folder] = [join(root, 'home'), join(root, 'data', 'connect')]
  await mkdir(home)
  const places: Places = { home, platform: 'linux', env: {}, exists: existsSync }
  return {
    home,
    folder,
    places,
    connector: createConnector({ places, folder, shell, now: () => Date.UTC(2026, 10, 24) }),
    async write(path, text) {
      await mkdir(dirname(join(home, path)), { recursive: true })
      await writeFile(join(home, path), text)
    },
    read: (path) => readFile(join(home, path), 'utf8').catch(() => undefined),
    async all() {
      const entries = await readdir(home, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
      const texts = await Promise.all(
        files.map(async (file) => [file.slice(home.length + 1), await readFile(file, 'latin1')]),
      )
      return Object.fromEntries(texts) as Record<string, string>
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

export function editTool(id: string): EditTool {
  const found = tools.find((tool) => tool.id === id)
  if (found?.kind !== 'edits') throw new TypeError(`no tool ${id}`)
  return found
}

export const editTools: EditTool[] = tools.filter((tool) => tool.kind === 'edits')

export const secretKey = 'gw-0123456789abcdefghijklmnopqrstuv'

export function target(changes: Partial<Target> = {}): Target {
  return {
    baseUrl: 'http://127.0.0.1:8080',
    key: secretKey,
    model: 'smart',
    smallModel: undefined,
    offered: [],
    ...changes,
  }
}

/** Files as people have them, per tool: comments, odd indentation, keys that are there already. */
export const realFiles: Record<string, Record<string, string>> = {
  'claude-code': {
    '.claude/settings.json': `{
   "$schema": "https://json.schemastore.org/claude-code-settings.json",
   // what I allow
   "permissions": {
     "allow": [ "Bash(npm run lint)", "Read(~/.zshrc)" ],   "deny": [],
   },
   "env": { "ANTHROPIC_BASE_URL": "https://old.example", "FOO": "bar" },
   "statusLine": {"type":"command","command":"~/.claude/line.sh"}   // mine
}
`,
  },
  codex: {
    '.codex/config.toml': `# Codex
model = "gpt-5.5"   # the good one
approval_policy = 'on-request'
notify = [
  "python3",  # [not a table]
  "/home/me/notify.py",
]

[model_providers.azure]
name = "Azure"
base_url = "https://x.openai.azure.com/openai"
query_params = { api-version = "2025-04-01-preview" }

[features] # some
	web_search = true

[projects."/home/me/a b"]
trust_level = "trusted"

[[hooks]]
command = """
echo [x]
"""
# the end
`,
  },
  'gemini-cli': {
    '.gemini/.env': '# keys\nexport GEMINI_API_KEY="AIza-old-key-of-mine"\nFOO=bar # x\n',
    '.gemini/settings.json':
      '{\n\t"security": {\n\t\t"auth": { "selectedType": "oauth-personal" }\n\t},\n\t"ui": { "theme": "GitHub" }\n}',
  },
  opencode: {
    '.config/opencode/opencode.json': `{
    "$schema": "https://opencode.ai/config.json",
    "model": "anthropic/claude-sonnet-4-5",
    "provider": {
        "anthropic": { "options": { "apiKey": "{env:ANTHROPIC_API_KEY}" } },
    },
    /* "theme": "nord", */
}
`,
  },
  continue: {
    '.continue/config.yaml': `name: Mine
version: 0.0.1
schema: v1
# models I like
models:
  - name: Claude
    provider: anthropic
    model: claude-sonnet-4-5   # newest
    apiKey: \${{ secrets.ANTHROPIC_API_KEY }}
    roles: [chat, edit]

  - uses: ollama/qwen2.5-coder-7b
context:
    - provider: diff
    - provider: terminal
`,
  },
  aider: {
    '.aider.conf.yml': `##########################################################
# Sample .aider.conf.yml
##########################################################

#openai-api-key: xxx
model: sonnet      # my default
dark-mode: true

read: [CONVENTIONS.md, anotherfile.txt]
lint-cmd:
    - "python: flake8"
`,
  },
  zed: {
    '.config/zed/settings.json': `// Zed settings
//
// For information on how to configure Zed, see the Zed
// documentation: https://zed.dev/docs/configuring-zed
{
  "agent": {
    "default_model": { "provider": "zed.dev", "model": "claude-sonnet-4" }, // until I know better
    "always_allow_tool_actions": true,
  },
  "ui_font_size": 16,
  "languages": {
    "Go": { "tab_size": 4, },
  },
}
`,
  },
  'qwen-code': {
    '.qwen/settings.json': `{
  "$version": 3,
  "modelProviders": {
    "openai": [
      { "id": "qwen3-coder-plus", "name": "Q", "baseUrl": "https://dashscope.aliyuncs.com/compatible-mode/v1", "envKey": "DASHSCOPE_API_KEY" }
    ]
  },
  "env": {"DASHSCOPE_API_KEY": "sk-mine"},
  "security": {"auth": {"selectedType": "openai"}}
}
`,
  },
  crush: {
    '.config/crush/crush.json':
      '{\n  "$schema": "https://charm.land/crush.json",\n  "lsp": {"go": {"command": "gopls"}},\n  "options": {"tui": {"compact_mode": true}}\n}\n',
  },
}

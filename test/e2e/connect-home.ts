import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Of Claude Code, with comments and a key of the user's own. */
export const claudeFile = '.claude/settings.json'
export const claudeText = `{
   "$schema": "https://json.schemastore.org/claude-code-settings.json",
   // what I allow
   "permissions": {
     "allow": [ "Bash(npm run lint)", "Read(~/.zshrc)" ],   "deny": [],
   },
   "env": { "ANTHROPIC_AUTH_TOKEN": "token-of-mine-0815", "FOO": "bar" },
   "statusLine": {"type":"command","command":"~/.claude/line.sh"}   // mine
}
`

export const codexFile = '.codex/config.toml'
export const codexText = `# Codex
model = "gpt-5.5"   # the good one
approval_policy = 'on-request'

[model_providers.azure]
name = "Azure"
base_url = "https://x.openai.azure.com/openai"

[projects."/home/me/a b"]
trust_level = "trusted"
`

/** A home folder with the files of tools, never the user's own. */
export interface ToolsHome {
  folder: string
  read(file: string): Promise<string>
  write(file: string, text: string): Promise<void>
  /** Every file with its text. */
  all(): Promise<Record<string, string>>
  remove(): Promise<void>
}

export async function makeToolsHome(files: Record<string, string>): Promise<ToolsHome> {
  const folder = await mkdtemp(join(tmpdir(), 'llm-gateway-home-'))
  const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8')
  const home: ToolsHome = {
    folder,
    read,
    async write(file, text) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), text)
    },
    async all() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
      const names = paths
        .map((path) => path.slice(folder.length + 1))
        .filter((name) => /^\.(claude|codex|gemini)/.test(name))
      return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)))
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
  for (const [file, text] of Object.entries(files)) await home.write(file, text)
  return home
}

/** The key that connecting wrote. */
export function keyOf(text: string): string {
  const key = /"(gw-[\w-]{20,})"/.exec(text)?.[1]
  if (key === undefined) throw new Error('there is no key in it')
  return key
}

/** As Claude Code asks. */
export function askAsClaudeCode(url: string, key: string, model: string): Promise<Response> {
  return fetch(`${url}/v1/messages?beta=true`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model, max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] }),
  })
}

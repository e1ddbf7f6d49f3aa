import { programOf, type ClientName } from './installed-clients.ts'
import { gatewayPort, type ClientTurn } from './isolated-run.ts'

/** What the clients ask for; an alias of the gateway under test. */
export const model = 'mock-model'
const key = 'sk-gateway-test'
const origin = `http://127.0.0.1:${gatewayPort}`
const quietCodex = `check_for_update_on_startup = false
[analytics]
enabled = false
`
const prompt = 'Look around in this folder with one shell command, then tell me how it is.'

/** How each command-line tool is pointed at the gateway and asked one thing, by the documents of its maker. */
export class ClientTurns {
  readonly #folder: string

  /** `folder`: with one folder for each client, as install-all.sh makes it. */
  constructor(folder: string) {
    this.#folder = folder
  }

  claude(): ClientTurn {
    return this.#turn('claude', {
      args: ['-p', prompt, '--output-format', 'json', '--dangerously-skip-permissions'],
      env: {
        ANTHROPIC_BASE_URL: origin,
        ANTHROPIC_AUTH_TOKEN: key,
        ANTHROPIC_MODEL: model,
        ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_TELEMETRY: '1',
        DISABLE_AUTOUPDATER: '1',
        DISABLE_ERROR_REPORTING: '1',
        // Root may skip permissions only where the machine is a sandbox.
        IS_SANDBOX: '1',
      },
    })
  }

  codex({ name = model, websockets = false, catalog = false }: CodexOptions = {}): ClientTurn {
    const config = `
model = "${name}"
model_provider = "gateway"
${quietCodex}
[model_providers.gateway]
name = "gateway"
base_url = "${origin}/v1"
env_key = "GATEWAY_KEY"
wire_api = "responses"
supports_websockets = ${websockets}
${catalog ? `model_catalog_url = "${origin}/v1/models"` : ''}
`
    return this.#codex([], { env: { GATEWAY_KEY: key }, files: { '.codex/config.toml': config } })
  }

  /** `codex --oss` looks for the model at the local server and then speaks Responses to it. */
  codexOss(provider: 'ollama' | 'lmstudio'): ClientTurn {
    return this.#codex(['--oss', '--local-provider', provider, '-m', model], {
      env: { CODEX_OSS_BASE_URL: `${origin}/v1` },
      files: { '.codex/config.toml': quietCodex },
    })
  }

  /** Its own provider at another address: WebSocket first. */
  codexBuiltIn(): ClientTurn {
    return this.#codex([], {
      env: {},
      files: {
        '.codex/config.toml': `model = "${model}"\nopenai_base_url = "${origin}/v1"\n${quietCodex}`,
        '.codex/auth.json': JSON.stringify({ OPENAI_API_KEY: key }),
      },
    })
  }

  #codex(more: string[], turn: Pick<ClientTurn, 'env' | 'files'>): ClientTurn {
    const args = ['exec', ...more, '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', '--json']
    return this.#turn('codex', { ...turn, args: [...args, prompt] })
  }

  opencode(kind: 'compat' | 'openai' | 'anthropic' | 'google'): ClientTurn {
    const provider = kind === 'compat' ? 'gateway' : kind
    const baseURL = kind === 'google' ? `${origin}/v1beta` : `${origin}/v1`
    const npm = kind === 'compat' ? { npm: '@ai-sdk/openai-compatible', name: 'gateway' } : {}
    const config = {
      $schema: 'https://opencode.ai/config.json',
      autoupdate: false,
      share: 'disabled',
      small_model: `${provider}/${model}`,
      provider: { [provider]: { ...npm, options: { baseURL, apiKey: key }, models: { [model]: { name: 'Mock' } } } },
    }
    return this.#turn('opencode', {
      args: ['run', '--model', `${provider}/${model}`, prompt],
      env: {
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_MODELS_FETCH: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
        OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
      },
      files: { '.config/opencode/opencode.json': JSON.stringify(config) },
    })
  }

  gemini(): ClientTurn {
    const settings = {
      security: { auth: { selectedType: 'gemini-api-key' } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { disableAutoUpdate: true, disableUpdateNag: true, enableAutoUpdate: false },
    }
    return this.#turn('gemini', {
      args: ['-m', model, '--yolo', '-p', prompt],
      env: {
        GOOGLE_GEMINI_BASE_URL: origin,
        GEMINI_API_KEY: key,
        GEMINI_TELEMETRY_ENABLED: 'false',
        GEMINI_CLI_TRUST_WORKSPACE: 'true',
      },
      files: { '.gemini/settings.json': JSON.stringify(settings) },
    })
  }

  qwen(kind: 'openai' | 'openai-responses' | 'anthropic' | 'gemini'): ClientTurn {
    const settings = {
      $version: 3,
      security: { auth: { selectedType: kind } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { enableAutoUpdate: false, disableAutoUpdate: true, disableUpdateNag: true },
    }
    return this.#turn('qwen', {
      args: ['--auth-type', kind, '-m', model, '--yolo', prompt],
      env: { QWEN_TELEMETRY_ENABLED: 'false', ...qwenEnvironments[kind] },
      files: { '.qwen/settings.json': JSON.stringify(settings) },
    })
  }

  continue(provider: 'openai' | 'anthropic'): ClientTurn {
    // It does `new URL("messages", apiBase)` in Anthropic mode: the slash at the end matters.
    const apiBase = provider === 'anthropic' ? `${origin}/v1/` : `${origin}/v1`
    const config = `
name: gateway
version: 0.0.1
schema: v1
models:
  - name: Mock
    provider: ${provider}
    model: ${model}
    apiBase: ${apiBase}
    apiKey: ${key}
    roles: [chat, edit, apply]
    capabilities: [tool_use]
`
    return this.#turn('continue', {
      args: ['--config', '../home/.continue/config.yaml', '--auto', '-p', prompt],
      env: { CONTINUE_TELEMETRY_ENABLED: '0', CONTINUE_ALLOW_ANONYMOUS_TELEMETRY: '0' },
      files: { '.continue/config.yaml': config },
    })
  }

  #turn(client: ClientName, turn: Omit<ClientTurn, 'command' | 'files'> & Partial<ClientTurn>): ClientTurn {
    return { files: {}, ...turn, command: programOf(this.#folder, client) }
  }
}

interface CodexOptions {
  name?: string
  websockets?: boolean
  catalog?: boolean
}

const qwenOpenai = { OPENAI_API_KEY: key, OPENAI_BASE_URL: `${origin}/v1`, OPENAI_MODEL: model }
const qwenEnvironments = {
  openai: qwenOpenai,
  'openai-responses': qwenOpenai,
  anthropic: { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: origin, ANTHROPIC_MODEL: model },
  gemini: { GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: origin, GEMINI_BASE_URL: origin, GEMINI_MODEL: model },
}

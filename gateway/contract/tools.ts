import { z } from 'zod'
import { count, name, time } from './basics.ts'

/** Id of a tool, e.g. `claude-code`; `tools.list` has all of them. */
export const toolId = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'there is no tool of that name')

export const toolFile = z.object({
  /** As people write it: `~/.claude/settings.json`. */
  path: z.string(),
  exists: z.boolean(),
  /** Why it cannot be edited, with line and column where it has any. */
  problem: z.string().nullable(),
})

/** What the tool will really use, read back from its files and the environment in its own order of precedence. */
export const toolSetting = z.object({
  /** In words: `Address`, `Model`. */
  name: z.string(),
  /** Keys are masked; null: set nowhere. */
  value: z.string().nullable(),
  /** `~/.claude/settings.json` or `environment variable ANTHROPIC_BASE_URL`. */
  from: z.string().nullable(),
  /** It is what connecting wrote, or connecting leaves it alone. */
  isOurs: z.boolean(),
})
export type ToolSetting = z.output<typeof toolSetting>

export const toolVerification = z.object({
  /** Nothing stands in the way as far as the gateway can see. */
  ok: z.boolean(),
  settings: z.array(toolSetting),
  /** What overrides the gateway, and what to do about it. */
  conflicts: z.array(z.string()),
})
export type ToolVerification = z.output<typeof toolVerification>

/**
 * `no`: nothing is written. `yes`: as connecting left it. `changed`: our keys have other values by now, or some are gone.
 * `broken`: one of its files cannot be read, or is no longer valid.
 */
export const toolState = z.enum(['no', 'yes', 'changed', 'broken'])

export const tool = z.object({
  id: z.string(),
  name: z.string(),
  /** `edits`: its files can be edited, and it has copy cards. `copy`: copy cards alone. */
  kind: z.enum(['edits', 'copy']),
  /** One line on what connecting does. */
  summary: z.string(),
  /** null: cannot be told (libraries, web apps). */
  detected: z.boolean().nullable(),
  /** `claude is on the PATH`, `~/.claude is there`. */
  detectedBy: z.string().nullable(),
  state: toolState,
  /** What is not as it was left, or why a file is broken. */
  stateDetail: z.string().nullable(),
  /** Connected, but to another address than the gateway's (it has moved): connecting again points it here. */
  isElsewhere: z.boolean(),
  files: z.array(toolFile),
  /** Whether `model` must, may or cannot be chosen. */
  model: z.enum(['none', 'optional', 'required']),
  /** It also takes a cheaper model for small tasks (titles, summaries). */
  hasSmallModel: z.boolean(),
  /** What to do beside: restart it, sign out first. */
  notes: z.array(z.string()),
  /** What cannot be done, said plainly. */
  cannot: z.array(z.string()),
  /** Page that says how the vendor wants it. */
  documentation: z.string().nullable(),
  /** Name of its client key, under which its traffic shows. Connected with a placeholder, or not connected: null. */
  keyName: z.string().nullable(),
  connectedAt: time.nullable(),
  /** As it was connected with. */
  chosenModel: z.string().nullable(),
  chosenSmallModel: z.string().nullable(),
  /** Of calls with its key, in the last 30 days. */
  calls: count,
  lastUsedAt: time.nullable(),
})
export type Tool = z.output<typeof tool>

export const toolList = z.object({
  tools: z.array(tool),
  /** What tools are pointed at: `http://127.0.0.1:8080`. */
  baseUrl: z.string(),
  /** Connecting and undoing are possible here; else `whyNot`. Snippets always are. */
  canEdit: z.boolean(),
  whyNot: z.string().nullable(),
})
export type ToolList = z.output<typeof toolList>

export const toolChoice = z.strictObject({ tool: toolId, model: name.optional(), smallModel: name.optional() })
export type ToolChoice = z.output<typeof toolChoice>

export const toolPreview = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      isNew: z.boolean(),
      /** Unified, with the key masked; empty: the file stays as it is. */
      diff: z.string(),
    }),
  ),
  warnings: z.array(z.string()),
})
export type ToolPreview = z.output<typeof toolPreview>

export const toolConnected = z.object({
  tool,
  warnings: z.array(z.string()),
  verification: toolVerification,
})

export const toolUndone = z.object({
  tool,
  files: z.array(
    z.object({
      path: z.string(),
      /** `restored`: byte for byte as before. `cleaned`: only our keys were taken back. `removed`: it was ours alone. */
      outcome: z.enum(['restored', 'cleaned', 'removed', 'untouched']),
    }),
  ),
  warnings: z.array(z.string()),
})

/** `revealKey`: makes a client key for the tool (in place of the one it had) and puts it into the text, this once. */
export const snippetInput = z.strictObject({
  tool: toolId,
  model: name.optional(),
  revealKey: z.boolean().optional(),
})

export const toolSnippets = z.object({
  cards: z.array(
    z.object({
      title: z.string(),
      /** For colouring: `shell`, `json`, `yaml`, `toml`, `typescript`, `python`, `text`. */
      language: z.string(),
      /** Ready to paste; `YOUR_KEY` stands where the key goes, unless it was asked for. */
      text: z.string(),
    }),
  ),
  notes: z.array(z.string()),
  /** Of the key that was made; null: none was asked for. */
  keyName: z.string().nullable(),
})
export type ToolSnippets = z.output<typeof toolSnippets>

/**
 * For the command line, which edits files itself: the tool's client key becomes the one of this hash, or goes (null).
 * The key itself never travels.
 */
export const toolKeyInput = z.strictObject({
  tool: toolId,
  hash: z
    .string()
    .regex(
      /^(?:sha256:[0-9a-f]{64}|s2:[0-9a-f]{12}:[0-9a-f]{32}:[0-9a-f]{64})$/,
      'expected s2:..., or sha256: and 64 hexadecimal digits',
    )
    .nullable(),
})

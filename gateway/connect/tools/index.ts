import type { Tool } from '../tool.ts'
import { aider } from './aider.ts'
import { cline, copilot, cursor, goose, jetbrains, n8n, openWebui, other, raycast } from './apps.ts'
import { claudeCode } from './claude-code.ts'
import { codex } from './codex.ts'
import { continueDev } from './continue.ts'
import { crush } from './crush.ts'
import { geminiCli } from './gemini-cli.ts'
import { aiSdk, anthropicSdk, googleSdk, langchain, openaiSdk } from './libraries.ts'
import { opencode } from './opencode.ts'
import { qwenCode } from './qwen-code.ts'
import { zed } from './zed.ts'

/** Every tool, in the order in which they are shown. */
export const tools: readonly Tool[] = [
  claudeCode,
  codex,
  geminiCli,
  opencode,
  continueDev,
  aider,
  zed,
  qwenCode,
  crush,
  copilot,
  cline,
  cursor,
  jetbrains,
  goose,
  openWebui,
  raycast,
  n8n,
  openaiSdk,
  anthropicSdk,
  googleSdk,
  aiSdk,
  langchain,
  other,
]

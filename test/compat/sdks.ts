import type { Sdk } from './sdk.ts'
import { aiAnthropicSdk, aiGoogleSdk, aiOpenaiChatSdk, aiOpenaiSdk } from './sdk-ai.ts'
import { anthropicSdk } from './sdk-anthropic.ts'
import { genaiSdk } from './sdk-genai.ts'
import { langchainChatSdk, langchainResponsesSdk } from './sdk-langchain.ts'
import { openaiChatSdk } from './sdk-openai-chat.ts'
import { openaiResponsesSdk } from './sdk-openai-responses.ts'

/** In the order of the tables: by what they speak. */
export const sdks: readonly Sdk[] = [
  openaiChatSdk,
  aiOpenaiChatSdk,
  langchainChatSdk,
  openaiResponsesSdk,
  aiOpenaiSdk,
  langchainResponsesSdk,
  anthropicSdk,
  aiAnthropicSdk,
  genaiSdk,
  aiGoogleSdk,
]

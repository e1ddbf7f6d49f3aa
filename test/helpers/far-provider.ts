import type { ProviderConfig } from '../../gateway/config/schema.ts'
import type { ScriptedDialectId } from './scripted-dialect.ts'

/** Names that tell the gateway what the model takes. */
const models: Record<ScriptedDialectId, string> = {
  'openai-chat': 'some-model',
  'openai-responses': 'gpt-5.5',
  'anthropic-messages': 'claude-opus-4-8',
  gemini: 'gemini-3-pro-preview',
}

/** A provider at `origin` that speaks one dialect and no other, as gateway.yaml names it, and a model of it. */
export function farProvider(
  dialect: ScriptedDialectId,
  origin: string,
): { provider: Partial<ProviderConfig> & { name: string }; model: string } {
  const common = { name: `far-${dialect}`, apiKey: 'sk-far', maxRetries: 0 }
  const provider =
    dialect === 'gemini'
      ? { ...common, type: 'google', baseUrl: `${origin}/v1beta` }
      : { ...common, type: 'openai-compatible', baseUrl: `${origin}/v1`, dialects: [dialect] }
  return { provider, model: models[dialect] }
}

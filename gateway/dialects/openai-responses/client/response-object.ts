import { asObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { Usage } from '../../../chat/usage.ts'
import type { ReplyAbout } from '../../dialect.ts'
import { encodeUsage } from './encode-usage.ts'
import { recalledFrom } from './recalled.ts'

/** What an answer has come to so far. */
export interface ResponseState {
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed'
  output: JsonObject[]
  model?: string | undefined
  serviceTier?: string | undefined
  usage?: Usage | undefined
  /** Why it is incomplete: `max_output_tokens`, `content_filter`. */
  incomplete?: string | undefined
  error?: { code: string; message: string } | undefined
}

/** The `response` object, which repeats what was asked (openapi.json, Response). */
export function responseObject(about: Omit<ReplyAbout, 'provider' | 'includeUsage'>, state: ResponseState): JsonObject {
  const body = about.body ?? {}
  const asked = (name: string, otherwise: Json): Json => body[name] ?? otherwise
  return {
    id: about.id,
    object: 'response',
    created_at: about.created,
    status: state.status,
    background: false,
    error: state.error ?? null,
    incomplete_details: state.incomplete === undefined ? null : { reason: state.incomplete },
    instructions: asked('instructions', null),
    max_output_tokens: asked('max_output_tokens', null),
    max_tool_calls: asked('max_tool_calls', null),
    model: state.model ?? about.model,
    output: state.output,
    parallel_tool_calls: asked('parallel_tool_calls', true),
    previous_response_id: recalledFrom(body) ?? null,
    prompt_cache_key: asked('prompt_cache_key', null),
    reasoning: { effort: null, summary: null, ...asObject(body['reasoning']) },
    safety_identifier: asked('safety_identifier', null),
    service_tier: state.serviceTier ?? asked('service_tier', null),
    store: asked('store', true),
    temperature: asked('temperature', null),
    text: { format: { type: 'text' }, ...asObject(body['text']) },
    tool_choice: asked('tool_choice', 'auto'),
    tools: asked('tools', []),
    top_logprobs: asked('top_logprobs', 0),
    top_p: asked('top_p', null),
    truncation: asked('truncation', 'disabled'),
    usage: encodeUsage(state.usage) ?? null,
    user: asked('user', null),
    metadata: asked('metadata', {}),
  }
}

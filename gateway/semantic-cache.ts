import type { Config } from './config/schema.ts'
import type { SemanticCacheConfig } from './config/semantic-cache.ts'
import type { Dialect } from './dialects/dialect.ts'
import { findDialect } from './dialects/index.ts'
import { openCall } from './http/open-call.ts'
import type { Call, Caller } from './pipeline/call.ts'
import type { Stages } from './pipeline/handle.ts'
import type { LookUpSemantic } from './pipeline/lookup.ts'
import type { Embed, EmbedPorts } from './pipeline/semantic-embed.ts'
import type { Shared } from './runtime.ts'
import { createCallIds } from './pipeline/call-id.ts'

/** Answers to questions that mean the same, as one configuration has them. */
export interface SemanticCache {
  /** undefined: for this model, as the client names it, only the same request counts. */
  lookUpFor(model: string): LookUpSemantic | undefined
  /** For people who try two questions. Gives up with the signal. */
  embed(text: string, caller: Caller, signal: AbortSignal): ReturnType<Embed>
}

export type SemanticCachePorts = Pick<
  Shared,
  'cache' | 'vectors' | 'semantic' | 'metrics' | 'log' | 'now' | 'nowMs'
> & {
  stages: () => Stages
  prepare: (call: Call) => Call
}

/** undefined where nobody opted in: then nothing of it is read. */
export function createSemanticCache({ cache }: Config, ports: SemanticCachePorts): SemanticCache | undefined {
  const { semantic: settings, enabled, ttl: ttlMs } = cache
  if (settings === undefined) return undefined
  const optedIn = new Set(enabled ? settings.aliases : [])
  let loading: Promise<Loaded> | undefined
  const loaded = (): Promise<Loaded> => (loading ??= load({ settings, ttlMs }, ports))
  const lookUp: LookUpSemantic = async (call, caller, route) => {
    try {
      return await (await loaded()).lookUp(call, caller, route)
    } catch (error) {
      // A mistake of ours, which must not cost the client its answer.
      ports.log.error({ id: call.id, error: String(error) }, 'a call could not be looked up by meaning')
      return {}
    }
  }
  return {
    lookUpFor: (model) => (optedIn.has(model) ? lookUp : undefined),
    embed: async (text, caller, signal) => (await loaded()).embed({ signal }, caller, text),
  }
}

interface Loaded {
  embed: Embed
  lookUp: LookUpSemantic
}

async function load(
  { settings, ttlMs }: { settings: SemanticCacheConfig; ttlMs: number },
  ports: SemanticCachePorts,
): Promise<Loaded> {
  const { createEmbed } = await import('./pipeline/semantic-embed.ts')
  const { createSemantic } = await import('./pipeline/semantic.ts')
  const embed = createEmbed(settings, embedPorts(ports))
  return { embed, lookUp: createSemantic(settings, ttlMs, { ...ports, embed, onRefused: () => refused(ports) }) }
}

function refused({ semantic, metrics }: SemanticCachePorts): void {
  semantic.refused += 1
  metrics.semantic('refused')
}

function embedPorts({ stages, prepare, semantic, now, nowMs }: SemanticCachePorts): EmbedPorts {
  const newId = createCallIds(now)
  return {
    stages,
    health: semantic.health,
    open: (input) =>
      prepare(
        openCall({
          id: newId(),
          dialect: findDialect('openai-embeddings') as Dialect,
          headers: {},
          startedAt: now(),
          startedMs: nowMs(),
          ...input,
        }),
      ),
  }
}

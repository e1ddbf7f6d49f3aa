import type { Attributes as ApiAttributes, Counter, Histogram, Meter } from '@opentelemetry/api'
import type { AttemptEnd, Tokens } from './call-trace.ts'
import { durationBuckets, tokenBuckets, type GenAiAttributes, type GenAiNames } from './gen-ai-names.ts'
import { attemptError, firstChunkSeconds, targetAttributes } from './otel-attributes.ts'

export type RecordAttempt = (end: AttemptEnd) => void

/** The client metrics of the GenAI conventions: every attempt is an operation, as it is one to the provider. */
export function createGenAiMetrics(meter: Meter, { attributes: names, metrics }: GenAiNames): RecordAttempt {
  const duration = seconds(meter, metrics.duration, 'GenAI operation duration.')
  const firstChunk = seconds(meter, metrics.timeToFirstChunk, 'Time to receive the first chunk.')
  const recordTokens = tokenRecorder(meter, { attributes: names, metrics })
  return (end) => {
    const error = attemptError(end)
    const about: ApiAttributes = targetAttributes(end.target, names)
    if (end.response.model !== undefined) about[names.responseModel] = end.response.model
    duration.record(end.durationMs / 1000, error === undefined ? about : { ...about, [names.errorType]: error })
    const first = firstChunkSeconds(end)
    if (first !== undefined) firstChunk.record(first, about)
    recordTokens(end, about)
  }
}

function seconds(meter: Meter, name: string, description: string): Histogram {
  return meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries: durationBuckets } })
}

function tokens(meter: Meter, name: string, description: string): Histogram {
  const advice = { explicitBucketBoundaries: tokenBuckets }
  return meter.createHistogram(name, { description, unit: '{token}', advice })
}

type RecordTokens = (end: AttemptEnd, about: ApiAttributes) => void

function tokenRecorder(meter: Meter, { attributes: names, metrics }: GenAiNames): RecordTokens {
  const { tokenUsage, usage, perOperation } = metrics
  if (tokenUsage !== undefined) {
    return oneHistogram(tokens(meter, tokenUsage, 'Number of input and output tokens used.'), names)
  }
  const byCategory = usage === undefined ? undefined : counters(meter, usage, names)
  const distribution = perOperation === undefined ? undefined : distributions(meter, perOperation)
  return (end, about) => {
    byCategory?.(end, about)
    distribution?.(end, about)
  }
}

/** Counts of our own are none that a provider reported: they are on the span, marked, and not here. */
function oneHistogram(histogram: Histogram, names: GenAiAttributes): RecordTokens {
  return ({ tokens: { input, output, estimated } }, about) => {
    if (estimated) return
    if (input !== undefined) histogram.record(input, { ...about, [names.tokenType]: 'input' })
    if (output !== undefined) histogram.record(output, { ...about, [names.tokenType]: 'output' })
  }
}

type Category = 'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'reasoning'

const descriptions: Record<Category, string> = {
  input: 'The number of input (prompt) tokens used, including cached tokens.',
  output: 'The number of output (completion) tokens used, including reasoning tokens.',
  cacheRead: 'The number of input tokens served from a provider-managed cache.',
  cacheWrite: 'The number of input tokens written to a provider-managed cache.',
  reasoning: 'The number of output tokens used for reasoning.',
}

function counters(meter: Meter, usage: Record<Category, string>, names: GenAiAttributes): RecordTokens {
  const counter = (category: Category): Counter =>
    meter.createCounter(usage[category], { description: descriptions[category], unit: '{token}' })
  const [input, output] = [counter('input'), counter('output')]
  const parts = (['cacheRead', 'cacheWrite', 'reasoning'] as const).map(
    (category) => [category, counter(category)] as const,
  )
  return ({ tokens: reported }, about) => {
    const known: Partial<Tokens> = reported.estimated ? {} : reported
    const unknown = { ...about, [names.tokenModality]: 'unknown' }
    const audio = { ...about, [names.tokenModality]: 'audio' }
    addSplit(input, { total: known.input, ofAudio: known.inputAudio }, { unknown, audio })
    addSplit(output, { total: known.output, ofAudio: known.outputAudio }, { unknown, audio })
    for (const [category, part] of parts) {
      const count = known[category]
      if (count !== undefined) part.add(count, unknown)
    }
  }
}

/** An operation without a count counts as 0 (gen-ai-token-metrics.md). */
function addSplit(
  counter: Counter,
  { total = 0, ofAudio = 0 }: { total: number | undefined; ofAudio: number | undefined },
  { unknown, audio }: { unknown: ApiAttributes; audio: ApiAttributes },
): void {
  if (ofAudio > 0) counter.add(ofAudio, audio)
  counter.add(Math.max(0, total - ofAudio), unknown)
}

/** How tokens spread over what went well. */
function distributions(meter: Meter, names: Record<'input' | 'output', string>): RecordTokens {
  const input = tokens(meter, names.input, 'The number of input (prompt) tokens used per inference operation.')
  const output = tokens(meter, names.output, 'The number of output (completion) tokens used per inference operation.')
  return ({ outcome, tokens: counted }, about) => {
    if (outcome !== 'ok' || counted.estimated) return
    if (counted.input !== undefined) input.record(counted.input, about)
    if (counted.output !== undefined) output.record(counted.output, about)
  }
}

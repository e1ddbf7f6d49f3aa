import { given } from '../../gateway/chat/given.ts'
import type { Tool } from '../../gateway/chat/request.ts'
import {
  type DeclaredLoss,
  knob,
  knobWhere,
  featureOf,
  parts,
  tools,
  allParts,
  without,
  answerTokens,
} from './losses/kinds.ts'
import {
  foreignThinking,
  unsignedThinking,
  callSignatures,
  names,
  failedResults,
  refusalText,
  developers,
  brokenArguments,
  audio,
  images,
  files,
  textFiles,
  fileNames,
  fileNamesLost,
  attachments,
  mediaOfResults,
  details,
  laterSystem,
  withInstruction,
} from './losses/conversation.ts'
import { reasoning, some, thinks, isUnthought, isRaised } from './losses/thinking.ts'
import {
  cacheMarks,
  uncarried,
  cacheKey,
  customTools,
  grammars,
  hostedTools,
  hostedNames,
  formatDescriptions,
  formatNames,
  allowedTools,
  onlyAllowed,
  tiers,
  marksInResults,
  surplusMarks,
} from './losses/settings.ts'
import type { ChatDialectId } from './sdk/readers.ts'

// --- The table. In its order: what one loss leaves, the next may lose.

export const declaredLosses: Record<ChatDialectId, DeclaredLoss[]> = {
  'openai-chat': [
    images('id', 'It was uploaded to another provider.'),
    files('url', 'Chat takes no files by URL.'),
    { ...unsignedThinking, reason: 'Thinking whose origin is unknown may be anybody’s.' },
    foreignThinking({ vouches: false }),
    attachments,
    textFiles,
    fileNames,
    brokenArguments(/tool_calls/, () => '{}'),
    failedResults,
    cacheMarks,
    grammars,
    customTools,
    hostedTools(() => undefined),
    uncarried,
    cacheKey,
    knob('topK', /^top_k$/, 'Chat has none.'),
    reasoning(
      'how thoughts are shown',
      'same',
      'The gateway shows and hides them itself; chat knows the effort alone, and by itself thinks as it likes.',
      ({ effort, budgetTokens }) => some(given({ effort: effort ?? (budgetTokens === undefined ? undefined : 'low') })),
    ),
  ],
  'openai-responses': [
    audio,
    unsignedThinking,
    foreignThinking({ vouches: false }),
    callSignatures,
    names(/^messages\[\]\.name$/),
    textFiles,
    fileNames,
    brokenArguments(/tool_calls/, () => '{}'),
    failedResults,
    cacheMarks,
    uncarried,
    {
      what: 'how encrypted thinking is told',
      reason: 'Signatures and thinking without text are one member here.',
      told: 'same',
      rest: parts((part) => {
        if (part.type !== 'reasoning' || part.redacted === undefined) return [part]
        const { redacted, ...thought } = part
        return [{ ...thought, signature: redacted }]
      }),
    },
    {
      what: 'a limit of searches',
      reason: 'Responses limits all its own tools together, with a member that our client side does not carry.',
      told: 'same',
      rest: (request) => {
        if (request.hostedTools?.some(({ maxUses }) => maxUses !== undefined) !== true) return request
        const hosted = request.hostedTools.map((tool) => without(tool, 'maxUses'))
        return { ...request, hostedTools: hosted, uncarried: ['max_tool_calls'] }
      },
    },
    hostedTools((tool) => {
      if (tool.kind === 'code-execution') return tool
      return tool.kind === 'web-search' ? without(tool, 'blockedDomains') : undefined
    }),
    hostedNames({ 'web-search': 'web_search', 'code-execution': 'code_interpreter' }),
    ...(['topK', 'stop', 'seed', 'presencePenalty', 'frequencyPenalty'] as const).map((name) =>
      knob(name, featureOf(name), 'Responses has no such setting.'),
    ),
    knob('count', /^n$/, 'Responses gives one answer.', (count) => count !== 1),
    knob('count', 'same', 'One answer is what it gives.'),
    {
      what: 'a limit of less than 16 tokens',
      reason: 'It is refused.',
      told: /^max_output_tokens$/,
      rest: (request) => ((request.maxOutputTokens ?? 16) < 16 ? { ...request, maxOutputTokens: 16 } : request),
    },
    reasoning(
      'how thoughts are shown',
      'same',
      'Responses has an effort and a kind of summary, and by itself thinks as it likes.',
      ({ effort, budgetTokens, adaptive, visible, summary }) => {
        const isHidden = visible === false || effort === 'none'
        const isShown = visible === true || adaptive === true || budgetTokens !== undefined
        return some(
          given({
            effort: effort ?? (budgetTokens === undefined ? undefined : 'low'),
            summary: isHidden ? undefined : (summary ?? (isShown ? 'auto' : undefined)),
          }),
        )
      },
    ),
  ],
  'anthropic-messages': [
    audio,
    {
      what: 'files of other kinds than PDF and text',
      reason: 'Messages takes none.',
      told: 'refused',
      applies: (request) =>
        allParts(request).some(
          (part) =>
            part.type === 'file' && part.source.type === 'base64' && part.source.mediaType === 'application/zip',
        ),
    },
    {
      what: 'several answers',
      reason: 'Messages gives one.',
      told: 'refused',
      applies: ({ count = 1 }) => count > 1,
    },
    knob('count', 'same', 'One answer is what it gives.'),
    unsignedThinking,
    foreignThinking({ vouches: true }),
    callSignatures,
    refusalText,
    developers,
    laterSystem(/^messages\[\d+\]$/),
    names(/^messages\[\d+\]\.name$/),
    brokenArguments(/tool_calls/, (json) => JSON.stringify({ INVALID_JSON: json })),
    details,
    allowedTools,
    grammars,
    customTools,
    uncarried,
    hostedTools((tool) => (tool.kind === undefined ? undefined : tool)),
    hostedNames({
      'web-search': 'web_search_20250305',
      'web-fetch': 'web_fetch_20250910',
      'code-execution': 'code_execution_20250825',
    }),
    cacheKey,
    knob('seed', /^seed$/, 'Messages has none.'),
    knob('presencePenalty', /^presence_penalty$/, 'Messages has none.', (penalty) => penalty !== 0),
    knob('presencePenalty', 'same', 'None is what 0 means.'),
    knob('frequencyPenalty', /^frequency_penalty$/, 'Messages has none.', (penalty) => penalty !== 0),
    knob('frequencyPenalty', 'same', 'None is what 0 means.'),
    knob('logprobs', /^logprobs$/, 'Messages has none.'),
    knob('verbosity', /^verbosity$/, 'Messages has none.', (verbosity) => verbosity !== 'medium'),
    knob('verbosity', 'same', 'Medium is what no wish means.'),
    tiers('same', { default: 'auto', priority: 'auto' }),
    tiers(/^service_tier$/, { flex: 'standard_only', standard: 'standard_only' }),
    {
      what: 'no limit of tokens',
      reason: 'Messages demands one.',
      told: 'same',
      rest: (request) => ({ ...request, maxOutputTokens: request.maxOutputTokens ?? answerTokens }),
    },
    {
      what: 'a limit that leaves no room to think',
      reason: 'What is thought counts towards it.',
      told: /^max_tokens$/,
      applies: (request) => isRaised(request) && request.maxOutputTokens !== answerTokens,
      rest: (request) => ({ ...request, maxOutputTokens: (request.maxOutputTokens ?? 0) + 2048 }),
    },
    {
      what: 'a temperature above 1',
      reason: 'Messages takes 0 to 1.',
      told: /^temperature$/,
      rest: (request) => ((request.temperature ?? 0) > 1 ? { ...request, temperature: 1 } : request),
    },
    {
      what: 'sampling while thinking',
      reason: 'It is fixed then.',
      told: /^(temperature|top_p|top_k)$/,
      applies: (request) =>
        thinks(request) &&
        ((request.temperature ?? 1) !== 1 || (request.topP ?? 1) < 0.95 || request.topK !== undefined),
      rest: (request) => {
        const { topP, ...others } = without(without(request, 'temperature'), 'topK')
        return { ...others, ...given({ topP: (topP ?? 0) < 0.95 ? undefined : topP }) }
      },
    },
    knobWhere('temperature', 'same', '1 is what the model thinks with.', thinks),
    knobWhere(
      'topP',
      /^top_p$/,
      'Messages takes temperature or top_p.',
      ({ temperature }) => temperature !== undefined,
    ),
    {
      what: 'a forced call while thinking',
      reason: 'It is refused.',
      told: /^tool_choice$/,
      applies: (request) => thinks(request) && ['required', 'tool'].includes(request.toolChoice?.type ?? ''),
      rest: (request) => ({ ...request, toolChoice: { type: 'auto' } }),
    },
    {
      what: 'calls at once',
      reason: 'They are the default, and the choice says whether they are not wanted.',
      told: 'same',
      rest: ({ parallelToolCalls, ...request }) => {
        if (parallelToolCalls !== false || request.toolChoice?.type === 'none') return request
        return { ...request, parallelToolCalls, toolChoice: request.toolChoice ?? { type: 'auto' } }
      },
    },
    {
      what: 'no tools',
      reason: 'A conversation with calls must define tools: those that were called, which may not be any more.',
      told: 'same',
      rest: (request) => {
        if (request.tools !== undefined) return request
        const called = new Set(allParts(request).flatMap((part) => (part.type === 'tool-call' ? [part.name] : [])))
        if (called.size === 0) return request
        const defined = [...called].map((name): Tool => ({ name, parameters: { type: 'object' } }))
        return {
          ...request,
          tools: defined,
          ...(request.hostedTools === undefined ? { toolChoice: { type: 'none' as const } } : {}),
        }
      },
    },
    {
      what: 'the JSON mode',
      reason: 'Messages has none without a schema: it is asked for in words.',
      told: /^response_format$/,
      applies: ({ output }) => output?.type === 'json',
      rest: (request) => ({
        ...without(request, 'output'),
        messages: withInstruction(
          request.messages,
          'Answer with one JSON object and nothing else: no code fence, no words before or after it.',
        ),
      }),
    },
    knobWhere('output', 'same', 'Text is what it gives.', ({ output }) => output?.type === 'text'),
    formatDescriptions,
    formatNames('answer', true),
    reasoning(
      'thinking after calls without it',
      /^reasoning_effort$/,
      'A turn must end as it began.',
      (wanted, request) =>
        wanted.budgetTokens !== undefined && wanted.effort === undefined && isUnthought(request) ? undefined : wanted,
    ),
    reasoning(
      'the way thinking is asked for',
      'same',
      'Efforts go with thinking as the model likes, whose text is shown unless it is not wanted; minimal is low.',
      ({ effort, budgetTokens, adaptive, visible }) => {
        if (effort === 'none') return { effort }
        if (effort === undefined && budgetTokens !== undefined) return { budgetTokens }
        if (effort === undefined && adaptive !== true) return undefined
        return {
          adaptive: true,
          visible: visible !== false,
          ...given({ effort: effort === 'minimal' ? 'low' : effort }),
        }
      },
    ),
    marksInResults,
    surplusMarks,
  ],
  gemini: [
    images('url', 'Google fetches nothing from the web; the gateway fetches it before (inlinesMedia).'),
    files('url', 'Google fetches nothing from the web; the gateway fetches it before (inlinesMedia).'),
    {
      ...unsignedThinking,
      rest: parts((part) => (part.type === 'reasoning' && part.signature === undefined ? [] : [part])),
    },
    foreignThinking({ vouches: true }),
    refusalText,
    developers,
    laterSystem(/^messages\[\d+\]$/),
    names(/^name$/),
    details,
    fileNamesLost,
    {
      what: 'that an upload is an image',
      reason: 'Google knows what was uploaded.',
      told: 'same',
      rest: parts((part) => [
        part.type === 'image' && part.source.type === 'id'
          ? { type: 'file', source: part.source, ...given({ cacheControl: part.cacheControl }) }
          : part,
      ]),
    },
    mediaOfResults,
    brokenArguments('same', (json) => JSON.stringify({ arguments: json })),
    {
      what: 'tools that may not be chosen freely',
      reason: 'Only those that may be are shown.',
      told: 'same',
      rest: (request) => onlyAllowed(request, ['auto']),
    },
    grammars,
    customTools,
    {
      what: 'strict tools',
      reason: 'Gemini holds arguments to their schema only where a call is forced.',
      told: /^strict$/,
      applies: ({ tools: all, toolChoice: choice }) =>
        all?.some(({ strict }) => strict === true) === true && !['required', 'tool'].includes(choice?.type ?? ''),
      rest: tools((tool) => without(tool, 'strict')),
    },
    {
      what: 'the word strict',
      reason: 'Where a call is forced all are.',
      told: 'same',
      rest: tools((tool) => without(tool, 'strict')),
    },
    cacheMarks,
    hostedTools((tool) => (tool.kind === undefined ? undefined : { kind: tool.kind, name: tool.name })),
    hostedNames({ 'web-search': 'googleSearch', 'web-fetch': 'urlContext', 'code-execution': 'codeExecution' }),
    cacheKey,
    uncarried,
    knob('user', /^user$/, 'Gemini takes no id of an end user.'),
    knob('verbosity', /^verbosity$/, 'Gemini has none.'),
    knob('parallelToolCalls', /^parallel_tool_calls$/, 'Gemini may always call several.', (may) => may === false),
    knob('parallelToolCalls', 'same', 'It always may.'),
    knob('seed', /^seed$/, 'Gemini’s has 32 bits.', (seed) => Number(seed) >= 2 ** 31),
    tiers('same', { auto: undefined, default: 'standard', standard_only: 'standard' }),
    knobWhere('output', 'same', 'Text is what it gives.', ({ output }) => output?.type === 'text'),
    formatDescriptions,
    formatNames('response', false),
    reasoning('efforts beyond high', /^reasoning_effort$/, 'HIGH is the most.', (wanted) =>
      wanted.effort === 'max' ? { ...wanted, effort: 'high' } : wanted,
    ),
    reasoning(
      'the way thinking is asked for',
      'same',
      'Gemini 3 has levels, of which MINIMAL is as good as none, and thinks as it likes without; it tells thoughts one way.',
      ({ effort, budgetTokens, visible }) => ({
        ...given({
          effort: effort === 'none' ? 'minimal' : (effort ?? (budgetTokens === undefined ? undefined : 'low')),
        }),
        visible: effort !== 'none' && visible !== false,
      }),
    ),
  ],
}

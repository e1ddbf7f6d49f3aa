import type { JsonObject } from '../../gateway/chat/json.ts'
import type { Answer, AnswerUsage, ToolCall } from './upstream-answer.ts'
import type { Play } from './upstream-exchange.ts'
import { lists } from './upstream-lists.ts'
import { isChat, sendJson, startStream, streamOf, toSse, wholeOf } from './upstream-render.ts'

export function text(words: string, more: Omit<Answer, 'text'> = {}): Play {
  return answer({ text: words, ...more })
}

export function toolCalls(calls: ToolCall[], more: Omit<Answer, 'toolCalls'> = {}): Play {
  return answer({ toolCalls: calls, finish: 'tool-calls', ...more })
}

export function reasoning(thoughts: string, words: string, more: Answer = {}): Play {
  return answer({ reasoning: thoughts, text: words, usage: { input: 10, output: 25, reasoning: 20 }, ...more })
}

export function jsonOutput(value: JsonObject): Play {
  return answer({ text: JSON.stringify(value), isJson: true })
}

export function refusal(words: string): Play {
  return answer({ refusal: words })
}

export function withUsage(usage: AnswerUsage, more: Answer = {}): Play {
  return answer({ text: 'Counted.', usage, ...more })
}

export function noUsage(words = 'Hello!'): Play {
  return answer({ text: words, noUsage: true })
}

/** Answers in the dialect and the form (whole or stream) that was asked for. */
export function answer(what: Answer): Play {
  return (exchange) => {
    const { response, route } = exchange
    if (!isChat(exchange)) return sendJson(exchange, lists(exchange))
    if (!route.stream) return sendJson(exchange, wholeOf(what, exchange))
    startStream(exchange)
    response.end(streamOf(what, exchange).map(toSse).join(''))
  }
}

/** How well-known tools are told another address for once. The key can be anything while the gateway takes calls without one. */
export function toolCommands(url: string): { tool: string; command: string }[] {
  return [
    { tool: 'Claude Code', command: `ANTHROPIC_BASE_URL=${url} ANTHROPIC_AUTH_TOKEN=local claude` },
    { tool: 'Gemini CLI', command: `GOOGLE_GEMINI_BASE_URL=${url} GEMINI_API_KEY=local gemini` },
    { tool: 'OpenAI SDK', command: `export OPENAI_BASE_URL=${url}/v1\nexport OPENAI_API_KEY=local` },
    { tool: 'Aider', command: `OPENAI_API_BASE=${url}/v1 OPENAI_API_KEY=local aider --model openai/MODEL` },
    { tool: 'Qwen Code', command: `OPENAI_BASE_URL=${url}/v1 OPENAI_API_KEY=local OPENAI_MODEL=MODEL qwen` },
  ]
}

export function curlCommand(url: string, model: string): string {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] })
  return `curl ${url}/v1/chat/completions -H 'content-type: application/json' -d '${body}'`
}

/** How well-known tools that speak OpenAI's chat API are told another address. The key can be anything while the gateway takes calls without one. */
export function toolCommands(url: string): { tool: string; command: string }[] {
  return [
    { tool: 'OpenAI SDK', command: `export OPENAI_BASE_URL=${url}/v1\nexport OPENAI_API_KEY=local` },
    { tool: 'Aider', command: `OPENAI_API_BASE=${url}/v1 OPENAI_API_KEY=local aider --model openai/MODEL` },
    { tool: 'Qwen Code', command: `OPENAI_BASE_URL=${url}/v1 OPENAI_API_KEY=local OPENAI_MODEL=MODEL qwen` },
  ]
}

export function curlCommand(url: string, model: string): string {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] })
  return `curl ${url}/v1/chat/completions -H 'content-type: application/json' -d '${body}'`
}

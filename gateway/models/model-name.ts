/**
 * A model's own name, without what vendors and resellers put around it: `anthropic/claude-sonnet-5`, `models/gemini-3-pro`,
 * `us.anthropic.claude-opus-4-8-v1:0` (Bedrock), `claude-opus-4-5@20251101` (Vertex).
 */
export function bareModelName(model: string): string {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase()
  return name
    .replace(/^(?:[a-z0-9-]+\.)+(?=claude)/, '')
    .replace(/-v\d+:\d+$/, '')
    .replace('@', '-')
}

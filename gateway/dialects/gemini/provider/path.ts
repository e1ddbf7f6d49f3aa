/** Without `alt=sse` the stream is one long JSON array. The key goes in a header, never in `?key=` (it would be logged). */
export function path({ model, stream }: { model: string; stream: boolean }): string {
  const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent'
  return methodPath(model, method)
}

export function methodPath(model: string, method: string): string {
  return `/${resourceName(model)}:${method}`
}

/** `gemini-2.5-pro`, `models/gemini-2.5-pro` and `tunedModels/mine` are all names that Google's own tools print. */
function resourceName(model: string): string {
  const [, collection = 'models', name = model] = /^(models|tunedModels)\/(.+)$/s.exec(model) ?? []
  return `${collection}/${encodeURIComponent(name)}`
}

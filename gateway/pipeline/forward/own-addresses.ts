/**
 * Anthropic's batches name the whole address of their results, and its SDK asks there: past the gateway, with a key that
 * is the gateway's. So it gets ours, with the provider that has the batch. `gateway` is `http://127.0.0.1:8080`.
 */
export function withOwnResultsUrl(body: Buffer, gateway: string, provider: string): Buffer {
  if (!body.includes('"results_url"')) return body
  const text = body.toString('utf8')
  return Buffer.from(text.replace(resultsUrl, (_match, key: string, path: string) => key + ours(path)))

  function ours(path: string): string {
    return JSON.stringify(`${gateway}${path}?provider=${encodeURIComponent(provider)}`)
  }
}

const resultsUrl = /("results_url"\s*:\s*)"https?:\/\/[^"\\]*?(\/v1\/messages\/batches\/[\w-]+\/results)"/g

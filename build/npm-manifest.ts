export interface Manifest {
  name: string
  version: string
  description: string
  license: string
}

/** Everything is in the one file: the package has no dependencies at all. */
export function npmManifest({ name, version, description, license }: Manifest) {
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    bin: { [name]: 'start.cjs' },
    // Not only for the message of npm: `start.cjs` says the same to those who ignore it.
    engines: { node: '>=24' },
    files: ['start.cjs', 'llm-gateway.mjs'],
    keywords: ['llm', 'gateway', 'proxy', 'openai', 'anthropic', 'gemini'],
  }
}

import type { Configuration } from 'electron-builder'

type Environment = Readonly<Record<string, string | undefined>>
type Feed = Exclude<Configuration['publish'], undefined>

/**
 * Where the app looks for updates, by who builds it: LLM_GATEWAY_UPDATES_URL (a folder with latest*.yml on any web server),
 * else the releases of the GitHub repository the build runs for. null: nowhere, then the app says that it does not know.
 */
export function updateFeed(env: Environment): Feed {
  const url = env['LLM_GATEWAY_UPDATES_URL']
  if (url !== undefined && url !== '') return { provider: 'generic', url }
  const [owner, repo] = (env['GITHUB_REPOSITORY'] ?? '').split('/')
  if (owner === undefined || owner === '' || repo === undefined || repo === '') return null
  return { provider: 'github', owner, repo, releaseType: 'draft' }
}

/** A deb names a page and a person; who builds for others says which. */
export function packagePage(env: Environment): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env
  return server !== undefined && repository !== undefined ? `${server}/${repository}` : 'https://llm-gateway.invalid'
}

/** electron-builder.yml with what the environment decides. */
export function installerConfiguration(product: Configuration, env: Environment): Configuration {
  return {
    ...product,
    publish: updateFeed(env),
    extraMetadata: { ...product.extraMetadata, homepage: packagePage(env) },
  }
}

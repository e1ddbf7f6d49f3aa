import type { Config } from './schema.ts'

/** What is allowed but probably not meant. Pure, so that it can be asked again after flags changed the host. */
export function findNotices(config: Config): string[] {
  return [...exposure(config), ...lockout(config), ...cors(config)]
}

function exposure(config: Config): string[] {
  if (exposureOf(config) === 'none') return []
  return [
    `server.host ${config.server.host}: anyone who can reach this address can spend your money: ` +
      'set auth.keys and auth.anonymous: false',
  ]
}

/** Whether strangers can have calls answered; `no-keys`: and nobody has so much as a key. */
export function exposureOf({ server, auth }: Pick<Config, 'server' | 'auth'>): 'none' | 'anonymous' | 'no-keys' {
  if (isLoopback(server.host) || !auth.anonymous) return 'none'
  return auth.keys.every(({ disabled }) => disabled) ? 'no-keys' : 'anonymous'
}

/** For whoever starts a gateway that is open to strangers: not to be taken for one line among many. */
export function exposureWarning(config: Pick<Config, 'server' | 'auth'>): string | undefined {
  if (exposureOf(config) !== 'no-keys') return undefined
  const { host } = config.server
  return `This gateway is open to everybody: it listens on ${host}, it has no client key, and it answers calls without one. Whoever reaches it can spend your money. Create a key (Keys page, or auth.keys) and set auth.anonymous: false, or listen on 127.0.0.1.`
}

function lockout({ auth }: Config): string[] {
  if (auth.anonymous || auth.keys.length > 0) return []
  return ['auth.anonymous is false and auth.keys is empty: every call is refused; add a key']
}

function cors({ server: { cors } }: Config): string[] {
  if (!cors.enabled) {
    return cors.allowedOrigins.length > 0 ? ['server.cors.allowedOrigins has no effect: set server.cors.enabled'] : []
  }
  if (cors.allowedOrigins.length === 0) return ['server.cors is enabled but allows no origin: set allowedOrigins']
  if (!cors.allowedOrigins.includes('*')) return []
  return ['server.cors.allowedOrigins "*": any web page open in a browser that reaches the gateway can use it']
}

/** 127.0.0.0/8, ::1 (also written in brackets) and localhost. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

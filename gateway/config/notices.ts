import type { Config } from './schema.ts'

/** What is allowed but probably not meant. Pure, so that it can be asked again after flags changed the host. */
export function findNotices(config: Config): string[] {
  return [...exposure(config), ...lockout(config), ...cors(config)]
}

function exposure({ server, auth }: Config): string[] {
  if (isLoopback(server.host) || !auth.anonymous) return []
  return [
    `server.host ${server.host}: anyone who can reach this address can spend your money: ` +
      'set auth.keys and auth.anonymous: false',
  ]
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

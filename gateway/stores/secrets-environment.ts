/** Values of environment variables; one that is set to nothing counts as not set. */
export function environmentSecret(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const value = env[name]
  return value === '' ? undefined : value
}

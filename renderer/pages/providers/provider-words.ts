import type { KeyState, MethodOutput, Provider } from '../../../gateway/contract.ts'

/** What the list says of a provider, in words. Pure. */

export interface StateWords {
  /** Of its dot. */
  tone: 'good' | 'warn' | 'bad' | 'neutral'
  words: string
}

const states: Record<Provider['state'], StateWords> = {
  healthy: { tone: 'good', words: 'Healthy' },
  degraded: { tone: 'warn', words: 'Partly failing' },
  down: { tone: 'bad', words: 'Down' },
  misconfigured: { tone: 'bad', words: 'Not ready' },
  unknown: { tone: 'neutral', words: 'Not asked yet' },
}

export function stateOf({ state, key }: Pick<Provider, 'state' | 'key'>): StateWords {
  return state === 'misconfigured' && key.state === 'missing' ? { tone: 'bad', words: 'Key missing' } : states[state]
}

/** `…abcd`, `set`, `missing`, `none`: never more of a key than the gateway tells. */
export function keyWords({ state, endsWith }: KeyState): string {
  if (state === 'set') return endsWith === null ? 'set' : `…${endsWith}`
  return state === 'missing' ? 'missing' : 'none'
}

/** Where the key comes from, or where it was looked for. */
export function keyOrigin({ state, from, reference }: KeyState): string {
  if (state === 'none') return 'No key is configured'
  if (state === 'missing') return reference === null ? 'Nowhere to be found' : `${reference} is nowhere to be found`
  const origins = {
    keychain: 'Kept in the keychain',
    file: 'Kept in a file that only you can read',
    environment: `From the environment variable ${reference ?? ''}`.trimEnd(),
    config: 'Written in the configuration file itself',
  }
  return from === null ? 'Set' : origins[from]
}

/** `Last error: HTTP 429, rate_limited`; null: there was none, or it works again since. */
export function failureWords({ lastFailure, lastSuccessAt, state }: Provider): string | null {
  if (lastFailure === null) return null
  if (state === 'healthy' && lastSuccessAt !== null && lastSuccessAt > lastFailure.at) return null
  const what = [lastFailure.status === null ? null : `HTTP ${lastFailure.status}`, lastFailure.code]
  return what.filter((part) => part !== null).join(', ') || 'no answer'
}

/** `Paused after failures: gpt-5 (12 s), o4 (3 s)`; null: nothing is. */
export function circuitWords({ openCircuits }: Pick<Provider, 'openCircuits'>): string | null {
  if (openCircuits.length === 0) return null
  const models = openCircuits.map(
    ({ model, retryInMs }) => `${model} (tried again in ${Math.ceil(retryInMs / 1000)} s)`,
  )
  return `Left out after failures: ${models.join(', ')}`
}

/** `1 alias`, `3 aliases` */
export function countOf(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

export interface Question {
  title: string
  text: string
}

/** undefined: nothing depends on it, so it is done at once and can be undone. */
export function keyRemovalQuestion({ title, aliases }: Pick<Provider, 'title' | 'aliases'>): Question | undefined {
  if (aliases.length === 0) return undefined
  const verb = aliases.length === 1 ? 'uses' : 'use'
  return {
    title: `Remove the ${title} key?`,
    text: `${countOf(aliases.length, 'alias', 'aliases')} ${verb} it: ${aliases.join(', ')}. You can undo this for a while.`,
  }
}

/** undefined: nothing depends on it. */
export function providerRemovalQuestion(
  { name, title }: Pick<Provider, 'name' | 'title'>,
  routing: MethodOutput<'aliases.list'>,
): Question | undefined {
  const using = routing.aliases.filter(({ targets }) => targets.some(({ provider }) => provider === name))
  const gone = using.filter(({ targets }) => targets.every(({ provider }) => provider === name))
  const kept = using.filter((alias) => !gone.includes(alias))
  const names = (aliases: typeof using) => aliases.map((alias) => alias.name).join(', ')
  const effects = [
    ...(gone.length === 0
      ? []
      : [
          `${countOf(gone.length, 'alias leads', 'aliases lead')} nowhere else and will be removed too: ${names(gone)}.`,
        ]),
    ...(kept.length === 0
      ? []
      : [`${countOf(kept.length, 'alias goes', 'aliases go')} on with other targets: ${names(kept)}.`]),
    ...(routing.fallbackChain.some(({ provider }) => provider === name) ? ['It leaves the fallback chain.'] : []),
    ...(routing.defaultProvider === name ? ['There will be no default provider.'] : []),
  ]
  if (effects.length === 0) return undefined
  return { title: `Remove ${title} and its key?`, text: [...effects, 'You can undo this for a while.'].join(' ') }
}

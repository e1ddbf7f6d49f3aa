/** Pages that a link may open, and what of it the page gets to see. Nothing else of a link counts. */
const targets = {
  provider: { path: '/providers', parameters: ['name', 'type', 'baseUrl'] },
  alias: { path: '/models', parameters: ['name', 'provider', 'model'] },
  open: { path: '/', parameters: [] },
} as const satisfies Record<string, { path: string; parameters: readonly string[] }>

const longestLink = 2048
const longestValue = 512

export function isLink(argument: string): boolean {
  return argument.startsWith('llm-gateway://')
}

/**
 * The page that shows what `llm-gateway://provider?name=..&baseUrl=..` proposes; undefined: nothing of ours. A link
 * comes from anybody, so it never acts (the page asks) and never carries a secret.
 */
export function linkPath(link: string): string | undefined {
  if (link.length > longestLink || !isLink(link) || !URL.canParse(link)) return undefined
  const url = new URL(link)
  const name = url.hostname
  if (!Object.hasOwn(targets, name)) return undefined
  const { path, parameters } = targets[name as keyof typeof targets]
  const kept = parameters.flatMap((parameter): [string, string][] => {
    const value = url.searchParams.get(parameter)
    return value === null || value === '' || value.length > longestValue || !isPlain(value) ? [] : [[parameter, value]]
  })
  if (kept.length === 0) return path
  return `${path}?${new URLSearchParams([['from', 'link'], ...kept]).toString()}`
}

/** No control characters, and nothing that turns text around. */
function isPlain(value: string): boolean {
  return !/[\p{Cc}\p{Cf}]/u.test(value)
}

/** Words that stand where a name could, and are none. */
const keywords = new Set(['and', 'or', 'unless', 'offset', 'bool', 'inf', 'nan'])

/** What an expression asks for: enough of PromQL for the rules and the dashboard, in which no name is in quotes. */
export interface AskedSeries {
  name: string
  /** Those in its braces. */
  labels: string[]
}

/** Every series that is named in the expression, once for each place. */
export function askedSeries(expression: string): AskedSeries[] {
  // A name in a text is no name, and a brace in one closes nothing.
  const bare = withoutGrouping(expression.replaceAll(/"(\\.|[^"\\])*"/g, '""')).replaceAll(/\[[^\]]*\]/g, '')
  return [...bare.matchAll(/(?<![\w.:$])([a-zA-Z_:][\w:]*)\s*(\(|\{([^}]*)\})?/g)].flatMap(([, name, next, inner]) => {
    if (name === undefined || next === '(' || keywords.has(name.toLowerCase())) return []
    return [{ name, labels: [...(inner ?? '').matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => label ?? '') }]
  })
}

const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g

/** The labels that an expression groups or joins by. */
export function groupedLabels(expression: string): string[] {
  return [...expression.matchAll(grouping)].flatMap(([, labels]) => labels?.match(/\w+/g) ?? [])
}

function withoutGrouping(expression: string): string {
  return expression.replaceAll(grouping, '')
}

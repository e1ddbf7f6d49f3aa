/** Replaces what stands between `<!-- generated: NAME -->` and `<!-- end: NAME -->`. */
export function replaceSection(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`]
  const [before, rest] = [text.slice(0, text.indexOf(begin)), text.slice(text.indexOf(end))]
  if (!text.includes(begin) || !rest.startsWith(end)) throw new Error(`There is no section "${name}" to fill.`)
  return `${before}${begin}\n${content}\n${rest}`
}

export function hasSection(text: string, name: string): boolean {
  return text.includes(`<!-- generated: ${name} -->`)
}

export function table(head: string[], lines: string[][]): string {
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

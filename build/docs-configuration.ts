import { hasSection, replaceSection, table } from './docs-parts.ts'
import { schemaKeys, topSections, type SchemaKey } from './docs-schema-keys.ts'

/** docs/configuration.md with a table for each section of gateway.yaml, as the schema has it. */
export function generatedConfiguration(text: string): string {
  const keys = schemaKeys()
  return topSections().reduce((page, section) => {
    const rows = keys.filter(({ path }) => path.split(/[.[]/)[0] === section)
    return replaceSection(withPlace(page, section), `keys of ${section}`, keysTable(rows))
  }, text)
}

/** A section of the schema that nobody has written about yet gets its place at the end. */
function withPlace(page: string, section: string): string {
  const name = `keys of ${section}`
  if (hasSection(page, name)) return page
  return `${page.trimEnd()}\n\n## ${section}\n\n<!-- generated: ${name} -->\n<!-- end: ${name} -->\n`
}

function keysTable(keys: SchemaKey[]): string {
  const rows = keys.filter(({ isSection, description }) => !isSection || description !== undefined)
  return table(
    ['Key', 'Type', 'Default', 'Effect'],
    rows.map((key) => [`\`${key.path}\``, key.type, defaultOf(key), (key.description ?? '').replaceAll('|', '\\|')]),
  )
}

function defaultOf({ default: standard, required, isSection, type }: SchemaKey): string {
  if (isSection && (standard === undefined || type === 'section')) return ''
  if (standard === undefined) return required ? 'required' : 'none'
  return `\`${typeof standard === 'string' ? standard : JSON.stringify(standard)}\``
}

import { isAlias, isMap, isNode, isScalar, visit } from 'yaml'
import type { Document, Node, Pair, YAMLMap } from 'yaml'
import { parseYaml } from './yaml-source.ts'

/** Whether parts of the text stand for others of it (`*name`, `<<`), so that an edit of one may change another. */
export function hasAliases(document: Document): boolean {
  let found = false
  visit(document, {
    Alias() {
      found = true
      return visit.BREAK
    },
  })
  return found
}

/** The text with everything that stands for something else written out. Laid out anew; comments stay. */
export function withoutAliases(text: string): string {
  const { document } = parseYaml(text)
  visit(document, {
    Map(_, map) {
      mergeIn(document, map)
    },
    Alias: (_, alias) => copyOf(alias.resolve(document)),
  })
  visit(document, {
    Node(_, node) {
      if (!isAlias(node)) delete node.anchor
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** `<<: *base` becomes base's own keys; those the map has itself win. */
function mergeIn(document: Document, map: YAMLMap): void {
  const merged = map.items.filter(isMerge)
  if (merged.length === 0) return
  map.items = map.items.filter((pair) => !isMerge(pair))
  for (const source of merged.flatMap(({ value }) => sourcesOf(document, value))) {
    mergeIn(document, source)
    for (const pair of source.items) if (!map.has(keyOf(pair))) map.items.push(pair)
  }
}

function isMerge({ key }: Pair): boolean {
  // Parsed with merge keys on, `<<` is a symbol.
  return isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol')
}

function sourcesOf(document: Document, value: unknown): YAMLMap[] {
  const node = isAlias(value) ? value.resolve(document) : value
  if (isMap(node)) return [node.clone() as YAMLMap]
  return isNode(node) && 'items' in node ? (node.items as unknown[]).flatMap((item) => sourcesOf(document, item)) : []
}

function keyOf({ key }: Pair): unknown {
  return isScalar(key) ? key.value : key
}

function copyOf(node: Node | undefined): Node | undefined {
  return node === undefined ? undefined : (node.clone() as Node)
}

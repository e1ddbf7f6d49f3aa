export interface Reference {
  /** `OPENAI_API_KEY` */
  name: string
  /** It has a default wherever it stands: it may stay unset. */
  isOptional: boolean
}

const pattern = /\$\$|\$\{([A-Za-z_]\w*)(:-[^}]*)?\}/g

/** The variables of a gateway.yaml, in the order in which they come. `$$` is a plain `$`; comments do not count. */
export function referencesOf(yaml: string): Reference[] {
  const found = new Map<string, boolean>()
  for (const [, name, fallback] of withoutComments(yaml).matchAll(pattern)) {
    if (name !== undefined) found.set(name, (found.get(name) ?? true) && fallback !== undefined)
  }
  return [...found].map(([name, isOptional]) => ({ name, isOptional }))
}

function withoutComments(yaml: string): string {
  return yaml.replaceAll(/(?<=^|\s)#.*$/gm, '')
}

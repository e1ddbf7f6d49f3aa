export interface PackageFacts {
  name: string
  version: string
  architecture: string
  maintainer: string
  homepage: string
  /** The first line is the synopsis. */
  description: string
  priority: string
  depends: readonly string[]
  recommends: readonly string[]
  installedBytes: number
}

/** https://www.debian.org/doc/debian-policy/ch-controlfields.html */
export function controlFile(facts: PackageFacts): string {
  const [synopsis = '', ...more] = facts.description.split('\n').map((line) => line.trim())
  const fields = [
    ['Package', facts.name],
    ['Version', facts.version],
    ['Architecture', facts.architecture],
    ['Maintainer', facts.maintainer],
    ['Installed-Size', String(Math.ceil(facts.installedBytes / 1024))],
    ['Depends', facts.depends.join(', ')],
    ['Recommends', facts.recommends.join(', ')],
    ['Section', 'devel'],
    ['Priority', facts.priority],
    ['Homepage', facts.homepage],
    // An empty line would end the field.
    ['Description', [synopsis, ...more.map((line) => (line === '' ? ' .' : ` ${line}`))].join('\n')],
  ]
  return fields.map(([name, value]) => (value === '' ? '' : `${name}: ${value}\n`)).join('')
}

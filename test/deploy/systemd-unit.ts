import { execFileSync } from 'node:child_process'

/** The settings of a unit file, in their order; each `[section, name, value]`. Lines that are continued are not known. */
export function readUnit(text: string): [section: string, name: string, value: string][] {
  let section = ''
  return text.split('\n').flatMap((line): [string, string, string][] => {
    if (/^\s*([#;]|$)/.test(line)) return []
    const heading = /^\[(.+)\]$/.exec(line)?.[1]
    if (heading !== undefined) section = heading
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? []
    return name === undefined || value === undefined ? [] : [[section, name, value]]
  })
}

/** The values of one setting. */
export function settingsOf(text: string, wanted: string): string[] {
  return readUnit(text).flatMap(([, name, value]) => (name === wanted ? [value] : []))
}

/** What the unit's SystemCallFilter lines let through, sets spelt out by this machine's systemd. */
export function allowedSystemCalls(text: string): Set<string> {
  const sets = systemCallSets()
  const spellOut = (name: string): string[] =>
    name.startsWith('@') ? (sets.get(name) ?? []).flatMap(spellOut) : [name]
  // systemd always lets these through (systemd.exec(5), SystemCallFilter=).
  const allowed = new Set(spellOut('@default'))
  for (const value of settingsOf(text, 'SystemCallFilter')) {
    const names = value.replace(/^~/, '').split(' ').flatMap(spellOut)
    for (const name of names) {
      if (value.startsWith('~')) allowed.delete(name)
      else allowed.add(name)
    }
  }
  return allowed
}

function systemCallSets(): Map<string, string[]> {
  const text = execFileSync('systemd-analyze', ['syscall-filter', '--no-pager'], {
    encoding: 'utf8',
    // It also says that it cannot list what else this kernel has.
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, SYSTEMD_COLORS: '0' },
  })
  const sets = new Map<string, string[]>()
  let members: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('@')) sets.set(line.trim(), (members = []))
    const member = /^ +([@\w-]+)$/.exec(line)?.[1]
    if (member !== undefined) members.push(member)
  }
  return sets
}

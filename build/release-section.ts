/** The text below `## [version] - date` of a changelog (https://keepachangelog.com/); undefined: there is none. */
export function releaseSection(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1)
  const section = sections.find((text) => text.startsWith(`[${version}] - `))
  const body = section?.slice(section.indexOf('\n')).trim()
  return body === '' ? undefined : body
}

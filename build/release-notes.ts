import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { releaseSection } from './release-section.ts'

/** `node build/release-notes.ts v0.1.0`: what CHANGELOG.md says of that version; a release without it is not made. */
const changelog = readFileSync(join(import.meta.dirname, '../CHANGELOG.md'), 'utf8')
const version = (process.argv[2] ?? '').replace(/^v/, '')
const section = releaseSection(changelog, version)
if (section === undefined) {
  console.error(`CHANGELOG.md says nothing of ${version}: give its part under "Unreleased" that name and a date.`)
  process.exit(1)
}
console.log(section)

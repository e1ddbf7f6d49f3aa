import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/**
 * `node build/release-artefacts.ts DIR`: beside the artefacts in DIR it puts the SBOM (CycloneDX, of everything the lock
 * file names, as most of it is bundled) and SHA256SUMS over all of them, which `sha256sum --check SHA256SUMS` reads.
 */
const folder = resolve(process.argv[2] ?? 'dist/release')
const sbom = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], {
  cwd: join(import.meta.dirname, '..'),
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
})
await writeFile(join(folder, 'llm-gateway.cdx.json'), sbom)
const entries = await readdir(folder, { withFileTypes: true })
const names = entries.filter((entry) => entry.isFile() && entry.name !== 'SHA256SUMS').map(({ name }) => name)
const lines: string[] = []
for (const name of names.toSorted()) lines.push(`${await sha256(join(folder, name))}  ${name}\n`)
await writeFile(join(folder, 'SHA256SUMS'), lines.join(''))
console.log(`${lines.length} files in SHA256SUMS`)

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { headlessFile } from './build-headless.ts'
import { source } from './bundle.ts'
import { npmManifest, type Manifest } from './npm-manifest.ts'

/** dist/npm: what `npm publish` takes, and `npx llm-gateway` starts. Needs `npm run build` before. */
const folder = source('dist/npm')
if (!existsSync(headlessFile)) throw new Error('There is no gateway to pack: run `npm run build` first.')
await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
const manifest = npmManifest(JSON.parse(await readFile(source('package.json'), 'utf8')) as Manifest)
await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
const start = join(folder, 'start.cjs')
await copyFile(source('build/npm-start.cjs'), start)
await chmod(start, 0o755)
await copyFile(headlessFile, join(folder, 'llm-gateway.mjs'))
await copyFile(source('build/npm-readme.md'), join(folder, 'README.md'))
await copyFile(source('LICENSE'), join(folder, 'LICENSE'))
console.log('dist/npm/')

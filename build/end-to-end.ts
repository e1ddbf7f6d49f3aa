import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'rolldown'
import type { AppVariant } from './build-app.ts'
import { replaceFile, source } from './bundle.ts'

/**
 * The end-to-end tests run on Electron 33, because that is what can be had everywhere; the product ships with 45. What
 * Node 20 in there lacks is put in here and nowhere else: a SQLite driver, and three names of Node 22 and 24.
 */
export const endToEnd: AppVariant = {
  plugins: [
    replaceFile('gateway/stores/open-database.ts', 'test/e2e/open-database-better.ts'),
    betterSqlite(),
    newerNames(),
  ],
  firstLines: [
    "require('node:worker_threads').markAsUncloneable ??= () => {};",
    "require('node:zlib').createZstdDecompress ??= () => { throw new Error('no zstd here') };\n",
  ].join(' '),
}

export const nativeName = 'better-sqlite3.node'

/** Optional: npm builds it, though it comes built, and must not fail where there is no compiler; then it leaves it out. */
function betterSqliteFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'))
  } catch (error) {
    const why = 'better-sqlite3 is not installed. npm leaves it out where node-gyp finds no Python and no compiler:'
    throw new Error(`${why} install these (Debian: python3, make, g++), then run npm ci again.`, { cause: error })
  }
}

/** The driver's own look-up of its native part goes by its folder, which a bundle has not. */
function betterSqlite(): Plugin {
  const name = '\0better-sqlite3'
  return {
    name: 'better-sqlite3',
    resolveId: (id) => (id === 'better-sqlite3' ? name : null),
    load(id) {
      if (id !== name) return null
      // Not before: who only asks for a name of this file need not have it.
      const folder = betterSqliteFolder()
      const native = JSON.stringify(
        loadableByNode20(join(folder, 'prebuilds', `${process.platform}-${process.arch}.node`)),
      )
      // Beside the packaged app first, so that a copy of both works where this folder cannot be reached.
      return `import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import createDatabase from ${JSON.stringify(join(folder, 'lib/database.js'))}
const beside = join(dirname(process.execPath), '..', ${JSON.stringify(nativeName)})
const native = existsSync(beside) ? beside : ${native}
const addon = createRequire(native)(native)
export default createDatabase(() => addon, false)`
    },
  }
}

/** `mov eax, 10; ret`: the whole of node_api_module_get_api_version_v1. */
const apiVersion = Buffer.from([0xb8, 10, 0, 0, 0, 0xc3])

/**
 * The prebuilt driver asks for Node-API 10, and Node 20 has 9: it crashes instead of saying so. All that the driver uses
 * of 10 is there as "experimental", so a copy asks for that (0x7fffffff).
 */
function loadableByNode20(prebuilt: string): string {
  const code = readFileSync(prebuilt)
  const at = code.indexOf(apiVersion)
  if (at < 0 || code.includes(apiVersion, at + 1)) throw new Error(`${prebuilt} is not the build that is known here`)
  code.writeInt32LE(0x7fffffff, at + 1)
  const file = source(`dist/end-to-end/${nativeName}`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, code)
  return file
}

/** Names of Node 22 and 24, and what stands for them: an ES module that imports a name that is not there does not load. */
const missing: Record<string, Record<string, string>> = {
  'node:zlib': { createZstdDecompress: "() => { throw new Error('no zstd here') }" },
  'node:tls': { getCACertificates: '() => node.rootCertificates' },
}

function newerNames(): Plugin {
  const mark = '\0newer '
  return {
    name: 'names of newer Node versions',
    resolveId: (id, importer) =>
      Object.hasOwn(missing, id) && importer !== undefined && !importer.startsWith(mark) ? mark + id : null,
    load(id) {
      if (!id.startsWith(mark)) return null
      const name = id.slice(mark.length)
      const added = Object.entries(missing[name] ?? {}).map(
        ([member, instead]) => `export const ${member} = node.${member} ?? (${instead})`,
      )
      return [
        `import * as node from '${name}'`,
        `export * from '${name}'`,
        `export { default } from '${name}'`,
        ...added,
      ].join('\n')
    },
  }
}

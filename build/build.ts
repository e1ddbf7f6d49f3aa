import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown, type OutputChunk, type Plugin, type RolldownOptions } from 'rolldown'
import { configJsonSchema } from '../gateway/config/json-schema.ts'

/**
 * dist/headless/llm-gateway.mjs: the whole gateway in one file that runs with plain Node 24 anywhere, and
 * dist/gateway.schema.json for editors.
 */
const root = join(import.meta.dirname, '..')
const outFile = join(root, 'dist/headless/llm-gateway.mjs')

await rm(join(root, 'dist/headless'), { recursive: true, force: true })
const threadCode = await bundle({ input: join(root, 'gateway/stores/ledger-thread.ts') }, 'cjs')
const code = await bundle({ input: join(root, 'gateway/cli.ts'), plugins: [inlineLedgerThread(threadCode)] }, 'esm')
await mkdir(join(root, 'dist/headless'), { recursive: true })
await writeFile(outFile, asciiOnly(withRequire(code)), { mode: 0o755 })
await writeFile(join(root, 'dist/gateway.schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`)
console.log(
  `dist/headless/llm-gateway.mjs ${((await stat(outFile)).size / 1024 / 1024).toFixed(1)} MB, dist/gateway.schema.json`,
)

async function bundle(options: RolldownOptions, format: 'esm' | 'cjs'): Promise<string> {
  const build = await rolldown({
    platform: 'node',
    treeshake: true,
    logLevel: 'warn',
    onLog(level, log, handle) {
      // Node's own module system runs CommonJS packages with eval and unresolved optional parts; they are never reached.
      if (log.code !== 'EVAL' && log.code !== 'UNRESOLVED_IMPORT') handle(level, log)
    },
    ...options,
  })
  const { output } = await build.generate({ format, codeSplitting: false, minify: true, comments: false })
  return (output[0] as OutputChunk).code
}

/** A worker of a file that is not there: its code travels as text inside the one file. */
function inlineLedgerThread(thread: string): Plugin {
  return {
    name: 'inline-ledger-thread',
    load(id) {
      if (!id.endsWith('gateway/stores/spawn-ledger-thread.ts')) return null
      return {
        moduleType: 'js',
        code: `import { Worker } from 'node:worker_threads'
export function spawnLedgerThread(workerData) {
  return new Worker(${JSON.stringify(thread)}, { eval: true, workerData, name: 'ledger', execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 2 } })
}`,
      }
    },
  }
}

/**
 * One character outside Latin-1 makes V8 keep the whole source with two bytes to a character: 2 MB of memory for a few
 * dashes. In string and template literals, where they all are, an escape means the same.
 */
function asciiOnly(source: string): string {
  return source.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** CommonJS packages inside an ES module need `require` for node's own modules. */
function withRequire(source: string): string {
  const line =
    "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);\n"
  const shebang = /^#!.*\n/.exec(source)?.[0] ?? '#!/usr/bin/env node\n'
  return shebang + line + source.slice(source.startsWith('#!') ? source.indexOf('\n') + 1 : 0)
}

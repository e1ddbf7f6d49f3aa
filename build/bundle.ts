import { join } from 'node:path'
import { rolldown, type OutputChunk, type Plugin, type RolldownOptions } from 'rolldown'

export const root = join(import.meta.dirname, '..')

/** Absolute path of a source file. */
export function source(path: string): string {
  return join(root, path)
}

/** One file of code. */
export async function bundle(options: RolldownOptions, format: 'esm' | 'cjs'): Promise<string> {
  const build = await rolldown({
    platform: 'node',
    resolve: {
      alias: {
        // Its main file asks for its parts in a way that no bundler sees, so that they would be missing at run time.
        'jsonc-parser': source('node_modules/jsonc-parser/lib/esm/main.js'),
        undici$: source('build/undici-parts.cjs'),
      },
    },
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

/** Takes one source file for another. */
export function replaceFile(from: string, to: string): Plugin {
  return {
    name: `replace ${from}`,
    load: (id) =>
      id === source(from) ? { moduleType: 'js', code: `export * from ${JSON.stringify(source(to))}` } : null,
  }
}

/** A worker of a file that is not there: its code travels as text inside the one file. */
export function inlineLedgerThread(thread: string): Plugin {
  return {
    name: 'inline-ledger-thread',
    load(id) {
      if (id !== source('gateway/stores/spawn-ledger-thread.ts')) return null
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
export function asciiOnly(source: string): string {
  return source.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** CommonJS packages inside an ES module need `require` for node's own modules. */
export const requireLine =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);\n"

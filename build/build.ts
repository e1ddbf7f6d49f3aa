import { mkdir, stat, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { configJsonSchema } from '../gateway/config/json-schema.ts'
import { buildApp } from './build-app.ts'
import { buildHeadless, headlessFile } from './build-headless.ts'
import { buildRenderer, rendererFolder } from './build-renderer.ts'
import { source } from './bundle.ts'

/**
 * dist/renderer (the window), dist/headless/llm-gateway.mjs (the gateway in one file, window inside), dist/main (the
 * desktop app), dist/gateway.schema.json (for editors).
 */
await mkdir(source('dist'), { recursive: true })
await writeFile(source('dist/gateway.schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`)
await buildRenderer()
await Promise.all([
  buildHeadless(existsSync(rendererFolder) ? rendererFolder : undefined),
  buildApp(source('dist/main')),
])
for (const file of [headlessFile, source('dist/main/main.mjs')]) {
  console.log(`${file.slice(source('').length)} ${((await stat(file)).size / 1024 / 1024).toFixed(1)} MB`)
}

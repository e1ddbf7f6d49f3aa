import { readFile, writeFile } from 'node:fs/promises'
import { build, Platform, type Configuration } from 'electron-builder'
import { parse } from 'yaml'
import { buildApp } from './build-app.ts'
import { buildStaleUi } from './build-for-start.ts'
import { root, source } from './bundle.ts'
import { electronFolder, electronVersion, howToGetElectron } from './electron-runtime.ts'
import { endToEnd } from './end-to-end.ts'

/**
 * The packaged app without an installer, made offline from the Electron that is here: dist/packages/. With
 * LLM_GATEWAY_E2E=1 the variant that the end-to-end tests drive: dist/end-to-end/. See docs/decisions.
 */
const folder = electronFolder(process.env)
if (folder === undefined) {
  console.error(howToGetElectron)
  process.exit(1)
}
const isEndToEnd = process.env['LLM_GATEWAY_E2E'] === '1'
const main = source(isEndToEnd ? 'dist/end-to-end/main' : 'dist/main')
await buildStaleUi()
await buildApp(main, isEndToEnd ? endToEnd : undefined)
const config = await readConfiguration(folder)
// As a file: an object would be merged with electron-builder.yml, lists and all.
const configFile = source('dist/electron-builder.json')
await writeFile(configFile, JSON.stringify(config, null, 2))
await build({ targets: Platform.current().createTarget('dir'), config: configFile, projectDir: root, publish: 'never' })
console.log(`${output(config)}/`)

async function readConfiguration(electronDist: string): Promise<Configuration> {
  const product = parse(await readFile(source('electron-builder.yml'), 'utf8')) as Configuration
  const config = { ...product, electronDist, electronVersion: electronVersion(electronDist) }
  if (!isEndToEnd) return config
  return {
    ...config,
    directories: { ...product.directories, output: 'dist/end-to-end' },
    files: [
      { from: 'dist/end-to-end/main', to: 'dist/main' },
      ...(product.files as string[]).filter((pattern) => pattern !== 'dist/main/**'),
    ],
  }
}

function output({ directories }: Configuration): string {
  return directories?.output ?? 'dist/packages'
}

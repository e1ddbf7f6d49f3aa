import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { flipFuses, type FuseConfig } from '@electron/fuses'
import type { AfterPackContext } from 'electron-builder'
import { source } from './bundle.ts'
import { endToEndFuses, productFuses } from './fuses.ts'

/** Run by electron-builder when the app lies unpacked, before it is signed: electron-builder.yml names it. */
export async function afterPack(context: AfterPackContext): Promise<void> {
  const fuses = process.env['LLM_GATEWAY_E2E'] === '1' ? endToEndFuses() : productFuses()
  if (context.electronPlatformName === 'linux') {
    return finishLinux(context.appOutDir, context.packager.appInfo.version, fuses)
  }
  const isMac = context.electronPlatformName === 'darwin'
  const program = `${context.packager.appInfo.productFilename}${isMac ? '.app' : '.exe'}`
  // A changed arm64 program of macOS does not start with its old signature; signing it properly comes after this.
  await flipFuses(join(context.appOutDir, program), { ...fuses, resetAdHocDarwinSignature: isMac })
}

const linuxProgram = 'llm-gateway'

/** The launcher takes the program's name, so that desktop entries, AppRun and people start it. */
async function finishLinux(folder: string, version: string, fuses: FuseConfig): Promise<void> {
  const launcher = join(folder, linuxProgram)
  const program = `${launcher}-bin`
  await rename(launcher, program)
  await flipFuses(program, fuses)
  const script = await readFile(source('build/linux-launcher.sh'), 'utf8')
  await writeFile(launcher, script.replace('@VERSION@', version), { mode: 0o755 })
  // Electron's own greeting comes along with an unpacked release. Nothing loads it: only app.asar counts.
  await rm(join(folder, 'resources/default_app.asar'), { force: true })
}

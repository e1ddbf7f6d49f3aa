import process from 'node:process'
import { helpText } from '../gateway/cli-arguments.ts'
import { version } from '../gateway/version.ts'
import { parseAppArguments } from './app-arguments.ts'
import { registerUiScheme } from './ui-protocol.ts'

/**
 * The entry of the app, one bundled file. Electron runs it before it touches a display, and goes on to do so when it has
 * been evaluated: whatever needs no window is awaited here, and ends the process itself. See
 * docs/decisions/2026-11-24-desktop-entry.md.
 */
registerUiScheme()
const parsed = parseAppArguments({
  argv: process.argv,
  env: process.env,
  isDevelopment: process.defaultApp,
})
const { gateway } = parsed

if (gateway.kind === 'problem') {
  process.stderr.write(`${gateway.message}\n`)
  process.exit(2)
} else if (gateway.kind === 'connect') {
  const { ownConnectIo, runConnect } = await import('../gateway/commands/connect-command.ts')
  process.exit(await runConnect(gateway, ownConnectIo('desktop')))
} else if (gateway.kind === 'prices') {
  const { ownPricesIo, runPrices } = await import('../gateway/commands/prices-command.ts')
  process.exit(await runPrices(gateway, ownPricesIo('desktop')))
} else if (gateway.kind === 'uninstall') {
  const { ownUninstallIo, runUninstall } = await import('../gateway/commands/uninstall-command.ts')
  process.exit(await runUninstall(gateway, ownUninstallIo('desktop')))
} else if (gateway.command === 'help') {
  process.stdout.write(`${helpText()}\nIn the desktop app, --hidden starts it in the tray, without a window.\n`)
  process.exit(0)
} else if (gateway.command === 'version') {
  process.stdout.write(`${version}\n`)
  process.exit(0)
} else if (!gateway.ui || gateway.command !== 'run') {
  const { runWithoutWindow } = await import('./without-window.ts')
  process.exit(await runWithoutWindow(gateway))
} else {
  // Not awaited: the app becomes ready only when this file has been evaluated.
  void import('./desktop.ts').then(({ startDesktop }) => startDesktop(parsed, gateway))
}

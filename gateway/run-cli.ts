import { helpText, parseArguments } from './cli-arguments.ts'
import { version } from './version.ts'

/** The command line of the gateway without a desktop; `argv` without the program. Sets the exit code of the process. */
export async function runCli(argv: readonly string[]): Promise<void> {
  const parsed = parseArguments(argv, process.env)
  if (parsed.kind === 'problem') {
    process.stderr.write(`${parsed.message}\n`)
    process.exitCode = 2
  } else if (parsed.kind === 'connect') {
    const { ownConnectIo, runConnect } = await import('./commands/connect-command.ts')
    process.exitCode = await runConnect(parsed, ownConnectIo('headless'))
  } else if (parsed.kind === 'prices') {
    const { ownPricesIo, runPrices } = await import('./commands/prices-command.ts')
    process.exitCode = await runPrices(parsed, ownPricesIo('headless'))
  } else if (parsed.kind === 'uninstall') {
    const { ownUninstallIo, runUninstall } = await import('./commands/uninstall-command.ts')
    process.exitCode = await runUninstall(parsed, ownUninstallIo('headless'))
  } else if (parsed.command === 'help') {
    process.stdout.write(`${helpText()}\n`)
  } else if (parsed.command === 'version') {
    process.stdout.write(`${version}\n`)
  } else {
    const { runHeadless } = await import('./headless.ts')
    process.exitCode = await runHeadless(parsed)
    // Nothing is left to do; a stray handle (a proxy's socket, a timer of a library) must not keep the process.
    setTimeout(() => process.exit(), 500).unref()
  }
}

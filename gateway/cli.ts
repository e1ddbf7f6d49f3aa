#!/usr/bin/env node
import { helpText, parseArguments } from './cli-arguments.ts'
import { version } from './version.ts'

const parsed = parseArguments(process.argv.slice(2), process.env)
if (parsed.kind === 'problem') {
  console.error(parsed.message)
  process.exitCode = 2
} else if (parsed.kind === 'connect') {
  const { ownConnectIo, runConnect } = await import('./commands/connect-command.ts')
  process.exitCode = await runConnect(parsed, ownConnectIo('headless'))
} else if (parsed.kind === 'prices') {
  const { ownPricesIo, runPrices } = await import('./commands/prices-command.ts')
  process.exitCode = await runPrices(parsed, ownPricesIo('headless'))
} else if (parsed.command === 'help') {
  console.log(helpText())
} else if (parsed.command === 'version') {
  console.log(version)
} else {
  const { runHeadless } = await import('./headless.ts')
  process.exitCode = await runHeadless(parsed)
  // Nothing is left to do; a stray handle (a proxy's socket, a timer of a library) must not keep the process.
  setTimeout(() => process.exit(), 500).unref()
}

import process from 'node:process'
import type { CliArguments } from '../gateway/cli-arguments.ts'

/**
 * The packaged app as a server. Nothing of Electron's own is touched: its event loop is not up yet, so that its quit,
 * its lock and its key storage hang or crash here (docs/decisions/2026-11-24-desktop-entry.md).
 */
export async function runWithoutWindow(argv: CliArguments): Promise<number> {
  // Electron's own handler prints and goes on, without a gateway.
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  const { runHeadless } = await import('../gateway/headless.ts')
  try {
    return await runHeadless(argv)
  } catch (error) {
    return fail(error)
  }
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
}

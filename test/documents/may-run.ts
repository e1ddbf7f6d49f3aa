import { outsideQuotes } from './read-pages.ts'

/**
 * What the tests run of the documents' commands. Anything else is not run, whoever writes it: a page on how to deploy
 * must not install anything on the machine that tests it. A command that is neither here nor in not-run.ts fails.
 */

/** They read and write in the scratch folder, which is their home, and ask the gateway on loopback. */
const commands: RegExp[] = [
  /^curl\b/,
  /^export [A-Z_]+=/,
  /^llm-gateway (connect|prices)\b/,
  /^llm-gateway --(check|print-config|version|help)\b/,
  /^npm run headless -- .*--(check|print-config|version|help)\b/,
]

/** They go on until they are stopped: they are started, and what follows on the page asks them. */
const servers: RegExp[] = [/^npm start$/, /^npm run headless$/, /^llm-gateway( --(port|config|data-dir) [\w./-]+)*$/]

export const mayRun = [...commands, ...servers]

export function isServer(command: string): boolean {
  return isConfined(command) && servers.some((pattern) => pattern.test(command))
}

export function isCommand(command: string): boolean {
  return isConfined(command) && !isServer(command) && commands.some((pattern) => pattern.test(command))
}

/** One program, no other files than those of the scratch folder, no other machine, nobody else's rights. */
function isConfined(command: string): boolean {
  const bare = outsideQuotes(command)
  const addresses = command.match(/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"]*/g) ?? []
  const isHere = addresses.every((address) => /^http:\/\/(localhost|127\.0\.0\.1):8080(\/|$)/.test(address))
  const paths = bare.replaceAll(/http:\/\/[\w.:/-]+/g, '')
  return isHere && !/[;&|<>`]|\$\(|(^|[\s"=])[~/]|\.\.\/|\bsudo\b|--output|(^|\s)-[a-zA-Z]*[oOTKcD]\b/.test(paths)
}

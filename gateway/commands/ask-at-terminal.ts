/** Asks the person at the terminal; undefined: nobody is there to be asked. */
export function terminalQuestion(): ((question: string) => Promise<boolean>) | undefined {
  return process.stdin.isTTY && process.stdout.isTTY ? askAtTerminal : undefined
}

async function askAtTerminal(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}

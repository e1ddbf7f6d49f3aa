import { runCli } from '../gateway/run-cli.ts'

// Not awaited: the program inside an executable is CommonJS.
void runCli(process.argv.slice(2))

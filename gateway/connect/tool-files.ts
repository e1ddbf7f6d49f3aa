import { GatewayError } from '../errors.ts'
import { SyntaxProblem } from './formats/format.ts'
import { shownPath, type Places } from './places.ts'
import type { EditTool, FilePlace } from './tool.ts'

/** What `run` answers for each file of the tool, in their order. */
export function eachFile<T>(
  tool: EditTool,
  places: Places,
  run: (name: string, place: FilePlace) => Promise<T>,
): Promise<T[]> {
  return Promise.all(Object.entries(tool.files(places)).map(([name, place]) => run(name, place)))
}

/** A file that is not valid is told by its path, line and column. Throws GatewayError. */
export function inWords<T>({ path }: FilePlace, places: Places, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error
    throw new GatewayError('invalid_request', `${placeText(shownPath(places, path), error)}. Nothing was changed.`, {
      cause: error,
    })
  }
}

function placeText(path: string, { line, column, message }: SyntaxProblem): string {
  return line === undefined ? `${path}: ${message}` : `${path}:${line}:${column ?? 1}: ${message}`
}

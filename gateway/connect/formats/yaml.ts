import { editConfigText } from '../../config/save.ts'
import { ConfigError } from '../../config/types.ts'
import { parseYaml, syntaxProblems } from '../../config/yaml-source.ts'
import { indexedPath } from '../edit.ts'
import { lineEnding, SyntaxProblem, type Format } from './format.ts'

/** YAML, by the way our own configuration is edited. */
export const yaml: Format = {
  read(text) {
    const source = parseYaml(text)
    const [problem] = syntaxProblems(source)
    if (problem !== undefined) throw new SyntaxProblem(problem.message, problem)
    return (source.document.toJS() as unknown) ?? {}
  },
  edit(text, { path, value }) {
    const edit = { path: indexedPath(yaml.read(text), path), value }
    const ending = lineEnding(text)
    try {
      // Carriage returns would become part of what is written.
      const edited = editConfigText(ending === '\n' ? text : text.replaceAll('\r\n', '\n'), [edit])
      return ending === '\n' ? edited : edited.replaceAll(/\r?\n/g, '\r\n')
    } catch (error) {
      if (error instanceof ConfigError) throw new SyntaxProblem(error.message, { ...error.problems[0] })
      throw error
    }
  },
}

import { asObject, asString, type JsonObject } from '../../gateway/chat/json.ts'
import type { ScriptedCall, SeenRequest } from '../helpers/scripted-answer.ts'

/**
 * Leaves a file behind, and says what only a shell can have worked out (Gemini CLI refuses `$(...)`). Qwen Code loses what
 * a command says that ends at once.
 */
export const shellCommand = "echo ran > tool-ran.txt; printf 'tool-says-%x' 66; sleep 0.3"
export const shellOutput = 'tool-says-42'
export const leftBehind = 'tool-ran.txt'

/** What the agents call their shell, and the member of its arguments that takes the command. */
const shells = /^(?:.*__)?(?:Bash|bash|shell|run_shell_command|run_terminal_command|exec_command)$/

/** Codex with a model it knows (gpt-6) offers no shell but this: JavaScript, as a tool with free text for its input. */
const codeMode = /^(?:.*__)?exec$/
const code = `text(await tools.exec_command({ cmd: ${JSON.stringify(shellCommand)} }))`

/** A call of the agent's shell; undefined: it offers none, as when it asks for a title. */
export function callOf(tools: SeenRequest['tools']): ScriptedCall | undefined {
  const shell = tools.find(({ name }) => shells.test(name))
  if (shell !== undefined) return { name: shell.name, arguments: argumentsOf(shell.parameters ?? {}) }
  const exec = tools.find(({ name }) => codeMode.test(name))
  return exec === undefined ? undefined : { name: exec.name, arguments: { input: code } }
}

function argumentsOf(parameters: JsonObject): JsonObject {
  const properties = asObject(parameters['properties']) ?? {}
  const member = ['command', 'cmd'].find((name) => Object.hasOwn(properties, name)) ?? 'command'
  const required = Array.isArray(parameters['required']) ? parameters['required'].map(String) : []
  const others = required.filter((name) => name !== member).map((name) => [name, fill(asObject(properties[name]))])
  return { ...(Object.fromEntries(others) as JsonObject), [member]: shellCommand }
}

function fill(schema: JsonObject | undefined): string | number | boolean {
  const type = asString(schema?.['type'])?.toLowerCase()
  if (type === 'boolean') return false
  return type === 'number' || type === 'integer' ? 30_000 : 'look around'
}

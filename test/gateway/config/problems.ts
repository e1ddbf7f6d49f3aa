import { parseConfig } from '../../../gateway/config/load.ts'
import type { ParseOptions } from '../../../gateway/config/load.ts'
import { ConfigError } from '../../../gateway/config/types.ts'

/** The lines a person would read, each `file:line:column path: message`; none when the text is good. */
export function problemsOf(text: string, options: Partial<ParseOptions> = {}): string[] {
  try {
    parseConfig(text, { file: 'gateway.yaml', env: {}, ...options })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
}

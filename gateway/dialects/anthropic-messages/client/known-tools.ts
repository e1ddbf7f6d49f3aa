import type { JsonObject } from '../../../chat/json.ts'

/** A tool that the client runs and Anthropic's models know by its type alone. */
export interface KnownTool {
  description: string
  parameters: JsonObject
}

const text: JsonObject = { type: 'string' }

const bash: KnownTool = {
  description: 'Runs a command in a bash shell that stays open between calls and returns what it prints.',
  parameters: {
    type: 'object',
    properties: {
      command: { ...text, description: 'The command to run. Needed unless `restart` is true.' },
      restart: { type: 'boolean', description: 'true: starts the shell anew instead of running a command.' },
    },
  },
}

const path: JsonObject = { ...text, description: 'Path of the file or directory.' }
const fileText: JsonObject = { ...text, description: '`create`: the whole text of the new file.' }
const oldText: JsonObject = { ...text, description: '`str_replace`: the text to replace; it must occur exactly once.' }
const newText: JsonObject = { ...text, description: '`str_replace`: the text to put in its place.' }
const insertLine: JsonObject = {
  type: 'integer',
  description: '`insert`: the line after which the text goes; 0 is the beginning.',
}
const insertText: JsonObject = { ...text, description: '`insert`: the text to insert.' }
const viewRange: JsonObject = {
  type: 'array',
  items: { type: 'integer' },
  description: '`view`: first and last line to show, counted from 1; -1 is the end.',
}

const textEditor: KnownTool = {
  description: 'Views, creates and edits text files.',
  parameters: {
    type: 'object',
    properties: {
      command: { ...text, enum: ['view', 'create', 'str_replace', 'insert'] },
      path,
      view_range: viewRange,
      file_text: fileText,
      old_str: oldText,
      new_str: newText,
      insert_line: insertLine,
      insert_text: insertText,
    },
    required: ['command', 'path'],
  },
}

const memory: KnownTool = {
  description: 'Reads and writes files under /memories, which outlast the conversation. Look there first.',
  parameters: {
    type: 'object',
    properties: {
      command: { ...text, enum: ['view', 'create', 'str_replace', 'insert', 'delete', 'rename'] },
      path,
      view_range: viewRange,
      file_text: fileText,
      old_str: oldText,
      new_str: newText,
      insert_line: insertLine,
      insert_text: insertText,
      old_path: { ...text, description: '`rename`: the path as it is.' },
      new_path: { ...text, description: '`rename`: the path as it shall be.' },
    },
    required: ['command'],
  },
}

/** `type` without its date. */
const tools: Record<string, KnownTool> = { bash, text_editor: textEditor, memory }

/** `type`: `bash_20250124`. https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview */
export function knownTool(type: string): KnownTool | undefined {
  const kind = type.replace(/_\d{8}$/, '')
  return Object.hasOwn(tools, kind) ? tools[kind] : undefined
}

import { readFile, writeFile } from 'node:fs/promises'
import { clipboard, dialog, shell } from 'electron'
import { Refusal, type NativeHandlers } from './bridge-call.ts'
import { refusedExternal } from './external-links.ts'

/** The largest file that is read for an import. */
const largestImport = 128 * 1024

type Verbs = Pick<NativeHandlers, 'native.copy' | 'native.openExternal' | 'native.saveFile' | 'native.openFile'>

/** `keyPages`: where keys are made, as the catalogue has them. */
export function createNativeVerbs(keyPages: () => Promise<readonly string[]>): Verbs {
  return {
    'native.copy': ({ text }) => void clipboard.writeText(text),
    async 'native.openExternal'({ url }) {
      const refused = refusedExternal(url, await keyPages())
      if (refused !== undefined) throw new Refusal(refused)
      await shell.openExternal(url)
    },
    async 'native.saveFile'({ name, text }) {
      const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: name })
      if (canceled || filePath === '') return false
      await writeFile(filePath, text).catch((error: NodeJS.ErrnoException) => {
        throw new Refusal(`The file could not be written: ${error.message}`, 'Choose another folder.')
      })
      return true
    },
    async 'native.openFile'() {
      const { canceled, filePaths } = await dialog.showOpenDialog({
        properties: ['openFile'],
        filters: [
          { name: 'Configuration', extensions: ['yaml', 'yml'] },
          { name: 'All files', extensions: ['*'] },
        ],
      })
      const [file] = filePaths
      return canceled || file === undefined ? null : readText(file)
    },
  }
}

async function readText(file: string): Promise<string> {
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(`The file could not be read: ${error.message}`)
  })
  if (content.length > largestImport) throw new Refusal('The file is larger than 128 KB, which no configuration is.')
  return content.toString('utf8')
}

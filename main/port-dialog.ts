import { dialog, shell } from 'electron'
import type { Api } from '../gateway/api/api.ts'
import { connectedTools, knownTools, pointAt } from './moved-tools.ts'
import { portQuestion, type PortChoice, type TakenPort } from './port-taken.ts'

export interface PortDialogPorts {
  api: Api
  isListening: () => boolean
  usePort: (port: number) => Promise<unknown>
  quit: () => void
}

/** Asks what to do about the taken port, whenever the window is shown, until the gateway listens. */
export function createPortDialog(taken: TakenPort | undefined, ports: PortDialogPorts): () => Promise<void> {
  let isAsking = false
  return async () => {
    if (taken === undefined || isAsking || ports.isListening()) return
    isAsking = true
    try {
      await follow(await choose(taken, ports.api), ports)
    } finally {
      isAsking = false
    }
  }
}

async function choose(taken: TakenPort, api: Api): Promise<PortChoice> {
  const { message, detail, buttons } = portQuestion(taken, await knownTools(api))
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: 'LLM Gateway',
    message,
    detail,
    buttons: buttons.map(({ label }) => label),
    cancelId: buttons.length - 1,
  })
  return buttons[response]?.choice ?? { do: 'later' }
}

async function follow(choice: PortChoice, { api, usePort, quit }: PortDialogPorts): Promise<void> {
  if (choice.do === 'use') {
    const connected = await connectedTools(api)
    await usePort(choice.port)
    await pointAt(connected, api)
  }
  if (choice.do === 'quit') quit()
  if (choice.do === 'open-other') {
    await shell.openExternal(choice.url)
    quit()
  }
}

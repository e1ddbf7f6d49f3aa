import type { Api } from '../gateway/api/api.ts'
import type { Tool } from '../gateway/contract.ts'
import type { KnownTools } from './port-taken.ts'
import { ask } from './tray-snapshot.ts'

/** Tools that are as connecting left them: only those may be written again without a question. */
export async function connectedTools(api: Api): Promise<Tool[]> {
  const { tools } = await ask(api, 'tools.list', {})
  return tools.filter(({ state }) => state === 'yes')
}

export async function knownTools(api: Api): Promise<KnownTools> {
  const [connected, { keys }] = await Promise.all([connectedTools(api), ask(api, 'traffic.names', {})])
  const own = new Set(connected.map(({ keyName }) => keyName))
  return { connected: connected.map(({ name }) => name), others: keys.filter((key) => !own.has(key)) }
}

/** Points them at where the gateway is now. One that cannot be written is left for the Connect page to tell. */
export async function pointAt(tools: readonly Tool[], api: Api): Promise<void> {
  for (const { id, chosenModel, chosenSmallModel } of tools) {
    await ask(api, 'tools.connect', {
      tool: id,
      ...(chosenModel === null ? {} : { model: chosenModel }),
      ...(chosenSmallModel === null ? {} : { smallModel: chosenSmallModel }),
    }).catch(() => undefined)
  }
}

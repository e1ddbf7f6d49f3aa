import { createTrayActions, type TrayActionPorts } from './tray-actions.ts'
import { createTrayState, type TrayState, type TrayStatePorts } from './tray-snapshot.ts'
import { setupTray } from './tray.ts'

export interface LiveTrayPorts extends TrayActionPorts, Omit<TrayStatePorts, 'onChange'> {
  iconFolder: string
  log: (error: unknown) => void
}

/** The tray, and what keeps it true. */
export async function startTray(ports: LiveTrayPorts): Promise<TrayState['set']> {
  const { log, iconFolder } = ports
  let changed = (): void => undefined
  const state = await createTrayState({ ...ports, onChange: () => changed() })
  const act = createTrayActions(ports)
  const tray = setupTray({
    iconFolder,
    current: () => state.current(),
    act: (action) => void act(action).catch(log),
  })
  changed = () => tray.changed()
  return (changes) => state.set(changes)
}

import type { Settings } from '../../../gateway/contract.ts'
import { Switch } from '../../ui/switch.tsx'
import { exposureOf } from './exposure.ts'
import { Group } from './group.tsx'
import type { SettingsEditor } from './queries.ts'

/** Who may call. */
export function AccessGroup({ editor }: { editor: SettingsEditor }) {
  const { settings, save } = editor
  return (
    <Group id="access" description="Who may send calls that you pay for.">
      <Switch
        label="Accept calls without a key"
        help={accessHelp(settings)}
        checked={settings.anonymous}
        onChange={(anonymous) => save({ anonymous })}
      />
    </Group>
  )
}

function accessHelp(settings: Settings): string {
  if (!settings.anonymous) {
    return 'Only calls with one of the keys on the Keys page are answered. Without such a key every call is refused.'
  }
  return exposureOf(settings) === 'own-machine'
    ? 'Every program on this computer may call, whatever key it sends. That is what most tools expect.'
    : 'Everybody who reaches the address may call, whatever key they send.'
}

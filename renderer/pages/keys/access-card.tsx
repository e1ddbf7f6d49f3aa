import { useState } from 'react'
import type { ClientKey, Settings } from '../../../gateway/contract.ts'
import { Card } from '../../ui/layout.tsx'
import { Note } from '../../ui/notes.tsx'
import { Switch } from '../../ui/switch.tsx'
import { exposureOf, opensUp } from '../settings/exposure.ts'
import { OpenDialog } from '../settings/open-dialog.tsx'
import type { SettingsEditor } from '../settings/queries.ts'

export interface AccessCardProps {
  editor: SettingsEditor
  keys: readonly ClientKey[]
  isReadOnly: boolean
}

/** Whether a key is needed at all. */
export function AccessCard({ editor: { settings, save }, keys, isReadOnly }: AccessCardProps) {
  const [asked, setAsked] = useState<Partial<Settings>>()
  const change = (edit: Partial<Settings>) => (opensUp(settings, edit) ? setAsked(edit) : save(edit))
  const isLockedOut = !settings.anonymous && !keys.some(({ state }) => state === 'active')
  return (
    <>
      {isLockedOut && (
        <Note
          kind="warn"
          title="Every call is refused."
          text="Calls without a key are not accepted, and there is no key that works. Create one, or accept calls without."
        />
      )}
      <Card>
        <Switch
          label="Accept calls without a key"
          help={helpOf(settings)}
          checked={settings.anonymous}
          disabled={isReadOnly}
          onChange={(anonymous) => change({ anonymous })}
        />
      </Card>
      <OpenDialog edit={asked} onSave={save} onClose={() => setAsked(undefined)} />
    </>
  )
}

function helpOf(settings: Settings): string {
  if (!settings.anonymous) return 'Only the keys below are answered; everybody else is refused with status 401.'
  return exposureOf(settings) === 'own-machine'
    ? 'Every program on this computer may call, whatever key it sends; those without one of the keys below are counted together as “anonymous”.'
    : 'Everybody who reaches the address may call, whatever key they send.'
}

import { useState } from 'react'
import { Select, type Option } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { exposureOf, hostChoiceOf, hostProblem, type HostChoice } from './exposure.ts'
import type { SettingsEditor } from './queries.ts'
import { helpWithRestart } from './restart-badge.tsx'
import { useCheckedDraft, withEnter } from './use-checked-draft.ts'

const options: readonly Option<HostChoice>[] = [
  { value: 'own-machine', label: 'Only this computer (127.0.0.1)', note: 'Nothing else can reach it.' },
  { value: 'all', label: 'Every network of this computer (0.0.0.0)', note: 'Other machines can reach it.' },
  { value: 'other', label: 'One address of this computer', note: 'Other machines of that network can reach it.' },
]

const hosts: Record<Exclude<HostChoice, 'other'>, string> = { 'own-machine': '127.0.0.1', all: '0.0.0.0' }

const openText = 'Whoever reaches this address can use your keys. Turn off “Accept calls without a key” below.'

/** Who can reach the gateway, in words; an address only where it must be typed. */
export function HostField({ editor }: { editor: SettingsEditor }) {
  const { host } = editor.settings
  const [isTyping, setTyping] = useState(false)
  const choice = isTyping ? 'other' : hostChoiceOf(host)
  const draft = useCheckedDraft(hostChoiceOf(host) === 'other' ? host : '', (text) => {
    const found = hostProblem(text.trim())
    if (found !== undefined) return found
    setTyping(false)
    editor.save({ host: text.trim() })
    return undefined
  })
  const choose = (chosen: HostChoice) => {
    draft.forget()
    setTyping(chosen === 'other')
    if (chosen !== 'other' && chosen !== hostChoiceOf(host)) editor.save({ host: hosts[chosen] })
  }
  return (
    <>
      <Select
        label="Who can reach it"
        help={helpWithRestart(editor, 'host')}
        error={exposureOf(editor.settings) === 'open' ? openText : undefined}
        options={options}
        value={choice}
        onChange={choose}
        className="max-w-80"
      />
      {choice === 'other' && (
        <TextField
          label="Address to listen on"
          placeholder="192.168.1.20"
          isMono
          className="max-w-80"
          {...withEnter(draft)}
        />
      )}
    </>
  )
}

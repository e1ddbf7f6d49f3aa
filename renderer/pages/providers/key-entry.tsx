import { ExternalLink } from 'lucide-react'
import type { Status } from '../../../gateway/contract.ts'
import { usePlatform } from '../../client/platform.tsx'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { Note } from '../../ui/notes.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Checkbox } from '../../ui/switch.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { hostOf } from './catalog.ts'
import { exportLine, type KeyDraft } from './key-draft.ts'

export interface KeyEntryProps {
  label: string
  draft: KeyDraft
  onChange: (draft: KeyDraft) => void
  /** Name of the variable that is read in its place. */
  reference: string
  /** Page where one is made. */
  keyPage: string | null
  status: Status
  error?: string | undefined
  /** A server that may ask for none. */
  isOptional?: boolean
  /** What it means to leave it empty. */
  emptyHelp?: string
}

/** A key as it is pasted, or how to give it in the environment where this machine has no keychain. */
export function KeyEntry(props: KeyEntryProps) {
  const { draft, onChange, status } = props
  const hasNoStore = status.secretStore.kind === 'none'
  return (
    <div className="flex flex-col gap-3">
      {hasNoStore && <NoStore {...{ draft, onChange, status }} />}
      {draft.way === 'keep' ? <KeyField {...props} /> : <FromEnvironment {...props} />}
      {hasNoStore && draft.way === 'keep' && (
        <Checkbox
          label="Keep it in a file that only I can read"
          help="The key stands in it as plain text: programs that run as you, and your backups, can read it too."
          checked={draft.consentsToFile}
          onChange={(consentsToFile) => onChange({ ...draft, consentsToFile })}
        />
      )}
    </div>
  )
}

function NoStore({ draft, onChange, status }: Pick<KeyEntryProps, 'draft' | 'onChange' | 'status'>) {
  const { problem, fileIsPossible } = status.secretStore
  return (
    <>
      <Note kind="warn" title="No keychain can be used here." text={problem ?? undefined} />
      {fileIsPossible && (
        <div>
          <Segmented
            label="Where the key comes from"
            options={[
              { value: 'environment', label: 'Environment variable' },
              { value: 'keep', label: 'File on this machine' },
            ]}
            value={draft.way}
            onChange={(way) => onChange({ ...draft, way, consentsToFile: false })}
          />
        </div>
      )}
    </>
  )
}

function KeyField(props: KeyEntryProps) {
  const { label, draft, onChange, keyPage, status, error, isOptional, emptyHelp } = props
  const keptIn = { keychain: 'Kept in the keychain', file: 'Kept in a file that only you can read', none: '' }
  const kept = keptIn[status.secretStore.kind]
  return (
    <TextField
      label={isOptional === true ? `${label} (optional)` : label}
      type="password"
      autoComplete="off"
      isMono
      placeholder="Paste it here"
      value={draft.text}
      onChange={(text) => onChange({ ...draft, text })}
      error={error}
      help={
        <>
          {kept === '' ? '' : `${kept}; it is never shown again. `}
          {emptyHelp} {keyPage !== null && <KeyPageLink url={keyPage} />}
        </>
      }
    />
  )
}

function KeyPageLink({ url }: { url: string }) {
  const { openExternal } = usePlatform()
  return (
    <Button
      kind="quiet"
      size="small"
      icon={ExternalLink}
      onClick={() => void openExternal(url)}
      className="h-auto! px-0! text-accent-ink! hover:bg-transparent! hover:underline"
    >
      Make a key at {hostOf(url) ?? 'its page'}
    </Button>
  )
}

function FromEnvironment(props: KeyEntryProps) {
  const { draft, onChange, isOptional } = props
  if (isOptional !== true) return <ExportLine {...props} />
  return (
    <>
      <Checkbox
        label="It asks for a key"
        help="Servers on this machine mostly do not."
        checked={draft.isAskedFor}
        onChange={(isAskedFor) => onChange({ ...draft, isAskedFor })}
      />
      {draft.isAskedFor && <ExportLine {...props} />}
    </>
  )
}

function ExportLine({ reference, keyPage, status }: KeyEntryProps) {
  return (
    <div className="flex flex-col gap-1">
      <p className="font-medium">Set this where the gateway is started</p>
      <Code text={exportLine(reference, status.platform)} label="Copy the line" />
      <p className="text-small text-muted">
        Then start the gateway again: it reads the variable once, at its start.{' '}
        {keyPage !== null && <KeyPageLink url={keyPage} />}
      </p>
    </div>
  )
}

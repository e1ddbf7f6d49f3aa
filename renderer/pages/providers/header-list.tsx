import { clsx } from 'clsx'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { Status } from '../../../gateway/contract.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { FocusFirst } from '../../ui/focus-first.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { ListField } from './list-field.tsx'
import { headerWords, type HeaderDraft } from './more-form.ts'

export interface HeaderListProps {
  headers: readonly HeaderDraft[]
  onChange: (headers: HeaderDraft[]) => void
  error: string | undefined
  configHome: Status['configHome']
}

/** Headers of the user's own. Values that are kept may be keys: they can be replaced, and are never shown. */
export function HeaderList({ headers, onChange, error, configHome }: HeaderListProps) {
  const change = (index: number, header: HeaderDraft) =>
    onChange(headers.map((each, at) => (at === index ? header : each)))
  return (
    <ListField
      label="Headers"
      help={
        configHome === 'app'
          ? 'Sent with every request. Keys among them go to the keychain.'
          : 'Sent with every request. For a secret write ${NAME}: values stand in the file.'
      }
      error={error}
    >
      {headers.map((header, index) => (
        <HeaderRow
          // Rows have nothing else that is theirs and stays.
          key={index}
          header={header}
          onChange={(changed) => change(index, changed)}
          onRemove={() => onChange(headers.filter((_, at) => at !== index))}
        />
      ))}
      <Button
        size="small"
        icon={Plus}
        className="self-start"
        onClick={() => onChange([...headers, { name: '', kept: undefined, value: '' }])}
      >
        Add a header
      </Button>
    </ListField>
  )
}

interface HeaderRowProps {
  header: HeaderDraft
  onChange: (header: HeaderDraft) => void
  onRemove: () => void
}

function HeaderRow({ header, onChange, onRemove }: HeaderRowProps) {
  const { name, kept, value } = header
  const [isNew] = useState(name === '')
  const giveUp = () => (kept === undefined ? onRemove() : onChange({ ...header, value: undefined }))
  return (
    <div className="flex min-h-8 items-center gap-2">
      {kept === undefined ? (
        <FocusFirst isActive={isNew}>
          <TextField
            label="Name of the header"
            hidesLabel
            isMono
            placeholder="x-team"
            className="w-2/5"
            value={name}
            onChange={(text) => onChange({ ...header, name: text })}
          />
        </FocusFirst>
      ) : (
        <span className="w-2/5 shrink-0 truncate font-mono text-mono" title={name}>
          {name}
        </span>
      )}
      {value === undefined && kept !== undefined ? (
        <>
          <span className={clsx('flex-1 truncate', kept.state === 'missing' ? 'text-bad' : 'text-muted')}>
            {headerWords(kept)}
          </span>
          <Button size="small" onClick={() => onChange({ ...header, value: '' })}>
            Replace
          </Button>
          <IconButton icon={X} size="small" label={`Remove ${name}`} onClick={onRemove} />
        </>
      ) : (
        <>
          <FocusFirst isActive={kept !== undefined}>
            <TextField
              label={`Value of ${name.trim() || 'the header'}`}
              hidesLabel
              isMono
              autoComplete="off"
              placeholder={kept === undefined ? 'Value' : 'New value'}
              className="flex-1"
              value={value ?? ''}
              onChange={(text) => onChange({ ...header, value: text })}
            />
          </FocusFirst>
          <IconButton
            icon={X}
            size="small"
            label={kept === undefined ? 'Remove this row' : `Keep ${name} as it is`}
            onClick={giveUp}
          />
        </>
      )}
    </div>
  )
}

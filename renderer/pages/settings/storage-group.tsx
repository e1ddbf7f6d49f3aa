import type { Settings } from '../../../gateway/contract.ts'
import { NumberField } from '../../ui/number-field.tsx'
import type { Option } from '../../ui/select.tsx'
import { ChoiceList } from './choice-list.tsx'
import { Group } from './group.tsx'
import type { SettingsEditor } from './queries.ts'
import { helpWithRestart, RestartBadge } from './restart-badge.tsx'

const captures: readonly Option<Settings['capture']>[] = [
  {
    value: 'off',
    label: 'Nothing',
    note: 'Only numbers, names and times are kept: no word that you or a model wrote.',
  },
  {
    value: 'errors',
    label: 'Calls that failed',
    note: 'Their requests and answers are kept, to see what went wrong. They hold what people wrote.',
  },
  {
    value: 'all',
    label: 'Every call',
    note: 'All requests and answers are kept on this machine, unencrypted. Whoever can read the data folder can read them.',
  },
]

/** What is remembered of calls, and how long. */
export function StorageGroup({ editor }: { editor: SettingsEditor }) {
  const { capture, retentionDays } = editor.settings
  return (
    <Group id="storage" description="Everything stays on this machine. Keys are never kept with calls.">
      <ChoiceList
        label="Keep the text of"
        options={captures}
        value={capture}
        onChange={(chosen) => editor.save({ capture: chosen })}
      />
      <RestartBadge editor={editor} name="capture" />
      {capture !== 'off' && (
        <p className="text-small text-muted">
          At most 256 KB of each request and answer, and 256 MB in all unless the configuration says otherwise; then the
          oldest go first.
        </p>
      )}
      <NumberField
        label="Keep single calls for"
        help={helpWithRestart(
          editor,
          'retentionDays',
          'Older ones leave the Traffic page. The sums of spend by hour stay.',
        )}
        value={retentionDays}
        min={1}
        max={3650}
        isRequired
        suffix="days"
        className="max-w-80"
        onCommit={(days) => days !== undefined && editor.save({ retentionDays: days })}
      />
    </Group>
  )
}

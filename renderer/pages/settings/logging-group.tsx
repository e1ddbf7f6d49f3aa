import type { Settings } from '../../../gateway/contract.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { Select, type Option } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Group } from './group.tsx'
import type { SettingsEditor } from './queries.ts'
import { helpWithRestart, RestartBadge } from './restart-badge.tsx'

const levels: readonly Option<Settings['logLevel']>[] = [
  { value: 'debug', label: 'Debug', note: 'Everything, for looking into a problem.' },
  { value: 'info', label: 'Info', note: 'A line for each call.' },
  { value: 'warn', label: 'Warnings', note: 'Calls that failed at the provider, and worse.' },
  { value: 'error', label: 'Errors', note: 'Only what broke.' },
  { value: 'silent', label: 'Nothing' },
]

const formats: readonly Option<Settings['logFormat']>[] = [
  { value: 'console', label: 'For people' },
  { value: 'json', label: 'JSON' },
]

/** What the gateway says of itself. */
export function LoggingGroup({ editor }: { editor: SettingsEditor }) {
  const { logLevel, logFormat, metricsEnabled } = editor.settings
  return (
    <Group id="logging" description="Keys are taken out of every line.">
      <Select
        label="What is logged"
        help={helpWithRestart(editor, 'logLevel')}
        options={levels}
        value={logLevel}
        onChange={(level) => editor.save({ logLevel: level })}
        className="max-w-80"
      />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="inline-flex flex-wrap items-center gap-2">
          Format of the log <RestartBadge editor={editor} name="logFormat" />
        </span>
        <Segmented
          label="Format of the log"
          options={formats}
          value={logFormat}
          onChange={(format) => editor.save({ logFormat: format })}
        />
      </div>
      <Switch
        label="Metrics for Prometheus"
        help={helpWithRestart(editor, 'metricsEnabled', 'At /metrics of the gateway’s address.')}
        checked={metricsEnabled}
        onChange={(checked) => editor.save({ metricsEnabled: checked })}
      />
    </Group>
  )
}

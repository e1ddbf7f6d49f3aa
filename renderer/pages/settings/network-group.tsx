import { useClient } from '../../client/client-context.tsx'
import { useAct, useMethod } from '../../client/query.ts'
import { NumberField } from '../../ui/number-field.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toastSaved } from '../../ui/toast.tsx'
import { Group } from './group.tsx'
import { HostField } from './host-field.tsx'
import { OriginsField } from './origins-field.tsx'
import { readProxy } from './proxy.ts'
import type { SettingsEditor } from './queries.ts'
import { helpWithRestart } from './restart-badge.tsx'
import { useCheckedDraft, withEnter } from './use-checked-draft.ts'

/** Where it listens, which web pages may use it, and the way out. */
export function NetworkGroup({ editor }: { editor: SettingsEditor }) {
  const { shell } = useClient()
  return (
    <Group id="network" description="Where tools reach the gateway, and how it reaches the providers.">
      <HostField editor={editor} />
      {shell === 'desktop' ? <LivePortField editor={editor} /> : <PortField editor={editor} />}
      <WebPages editor={editor} />
      <ProxyField editor={editor} />
    </Group>
  )
}

const portHelp = 'Tools that use the old port must be pointed to the new one.'

function PortField({ editor }: { editor: SettingsEditor }) {
  return (
    <NumberField
      label="Port"
      help={helpWithRestart(editor, 'port', portHelp)}
      value={editor.settings.port}
      min={1}
      max={65_535}
      isRequired
      className="max-w-80"
      onCommit={(port) => port !== undefined && editor.save({ port })}
    />
  )
}

/** The app moves at once, and says when another program has the port. */
function LivePortField({ editor }: { editor: SettingsEditor }) {
  const status = useMethod('status.get', {})
  const move = useAct('desktop.usePort', { saved: false, toastErrors: false })
  const before = status.data?.port ?? editor.settings.port
  const commit = (port: number | undefined) => {
    if (port === undefined || port === before) return
    move.mutate(
      { port },
      { onSuccess: () => toastSaved(`Listens on ${port} now`, { undo: () => move.mutate({ port: before }) }) },
    )
  }
  const refusal = move.error === null ? undefined : [move.error.message, move.error.hint].filter(Boolean).join(' ')
  return (
    <NumberField
      label="Port"
      help={`Taken up at once. ${portHelp}`}
      error={refusal}
      value={before}
      min={1}
      max={65_535}
      isRequired
      disabled={move.isPending}
      className="max-w-80"
      onCommit={commit}
    />
  )
}

function WebPages({ editor }: { editor: SettingsEditor }) {
  const { corsEnabled, corsOrigins } = editor.settings
  return (
    <>
      <Switch
        label="Let web pages use the gateway (CORS)"
        help={helpWithRestart(
          editor,
          'corsEnabled',
          'Only for pages listed here. Tools and editors need none of this.',
        )}
        checked={corsEnabled}
        onChange={(checked) => editor.save({ corsEnabled: checked })}
      />
      {(corsEnabled || corsOrigins.length > 0) && (
        <OriginsField
          origins={corsOrigins}
          isUsed={corsEnabled}
          onChange={(origins) => editor.save({ corsOrigins: origins })}
        />
      )}
    </>
  )
}

function ProxyField({ editor }: { editor: SettingsEditor }) {
  const { proxy } = editor.settings
  const draft = useCheckedDraft(proxy ?? '', (text) => {
    const read = readProxy(text, proxy)
    if ('problem' in read) return read.problem
    if (read.proxy !== proxy) editor.save({ proxy: read.proxy })
    return undefined
  })
  return (
    <TextField
      label="Proxy towards the providers"
      help={helpWithRestart(
        editor,
        'proxy',
        'Empty: HTTPS_PROXY and HTTP_PROXY of the environment. Providers on this machine are asked directly.',
      )}
      placeholder="http://proxy.example.com:3128"
      isMono
      {...withEnter(draft)}
    />
  )
}

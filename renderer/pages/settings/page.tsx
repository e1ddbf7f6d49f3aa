import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Settings } from '../../../gateway/contract.ts'
import { useClient } from '../../client/client-context.tsx'
import { Button } from '../../ui/button.tsx'
import { PageBody, PageHeader } from '../../ui/layout.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { AboutGroup } from './about-group.tsx'
import { AccessGroup } from './access-group.tsx'
import { AppGroup } from './app-group.tsx'
import { AppearanceGroup } from './appearance-group.tsx'
import { exposureOf, opensUp } from './exposure.ts'
import { useWantedGroup } from './group.tsx'
import { LoggingGroup } from './logging-group.tsx'
import { NetworkGroup } from './network-group.tsx'
import { OpenDialog } from './open-dialog.tsx'
import { useSettingsEditor, type SettingsEditor } from './queries.ts'
import { ReadOnlyNote } from './read-only-note.tsx'
import { StorageGroup } from './storage-group.tsx'
import { namesInWords } from './waiting.ts'

/** Everything saves by itself; the page says what waits for a restart. */
export function Page() {
  const { shell } = useClient()
  const [, go] = useLocation()
  const { query, editor } = useSettingsEditor()
  useWantedGroup(editor !== undefined)
  return (
    <PageBody>
      <PageHeader title="Settings" description="Every change is saved at once and can be undone for a while.">
        <Button onClick={() => go('/transfer')}>Import and export</Button>
        <Button onClick={() => go('/diagnostics')}>Diagnostics</Button>
      </PageHeader>
      <ReadOnlyNote />
      {query.error !== null && (
        <ErrorNote error={query.error} action={<Button onClick={() => void query.refetch()}>Try again</Button>} />
      )}
      {query.isPending && <SkeletonRows rows={10} />}
      {editor !== undefined && <GatewayGroups editor={editor} />}
      <AppearanceGroup />
      {shell === 'desktop' && <AppGroup />}
      <AboutGroup />
    </PageBody>
  )
}

/** What stands in gateway.yaml. */
function GatewayGroups({ editor }: { editor: SettingsEditor }) {
  const [asked, setAsked] = useState<Partial<Settings>>()
  const guarded: SettingsEditor = {
    ...editor,
    save: (edit) => (opensUp(editor.settings, edit) ? setAsked(edit) : editor.save(edit)),
  }
  return (
    <>
      <Warnings editor={editor} />
      <NetworkGroup editor={guarded} />
      <AccessGroup editor={guarded} />
      <StorageGroup editor={guarded} />
      <LoggingGroup editor={guarded} />
      <OpenDialog edit={asked} onSave={editor.save} onClose={() => setAsked(undefined)} />
    </>
  )
}

function Warnings({ editor }: { editor: SettingsEditor }) {
  const { shell } = useClient()
  const { settings, waiting, save } = editor
  const how = shell === 'desktop' ? 'Quit the app from its tray icon and open it again.' : 'Restart the gateway.'
  return (
    <>
      {exposureOf(settings) === 'open' && (
        <div className="rounded-card border-2 border-bad">
          <Note
            kind="bad"
            isAlert
            title="Everybody in your network can use your keys."
            text={`The gateway listens on ${settings.host} and answers calls without a key: whoever reaches it can spend your money.`}
            action={
              <Button kind="danger" onClick={() => save({ anonymous: false })}>
                Refuse calls without a key
              </Button>
            }
          />
        </div>
      )}
      {waiting.length > 0 && (
        <Note
          kind="warn"
          title={`After a restart: ${namesInWords(waiting)}.`}
          text={`${how} Until then the old values hold.`}
        />
      )}
    </>
  )
}

import { ExternalLink, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Tool, ToolPreview, ToolVerification } from '../../../gateway/contract.ts'
import { usePlatform } from '../../client/platform.tsx'
import { useAct, useMethod } from '../../client/query.ts'
import type { Suggestion } from '../../lib/suggestions.ts'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { Drawer } from '../../ui/dialog.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { toastSaved } from '../../ui/toast.tsx'
import { DiffView } from './diff-view.tsx'
import { Snippets } from './snippets.tsx'
import { stateOf } from './tool-words.ts'
import { Verification } from './verification.tsx'

export interface ToolDrawerProps {
  tool: Tool
  canEdit: boolean
  names: readonly Suggestion[]
  onClose: () => void
}

/** One tool: what connecting would write, what it came to, how to take it back, and how to do it by hand. */
export function ToolDrawer({ tool, canEdit, names, onClose }: ToolDrawerProps) {
  const setup = useSetup(tool)
  const isEdited = tool.kind === 'edits' && canEdit
  const byHand = <Snippets tool={tool} model={setup.choice.model} />
  return (
    <Drawer
      open
      onOpenChange={onClose}
      width={640}
      title={tool.name}
      description={tool.stateDetail ?? stateOf(tool).words}
      {...(isEdited ? { footer: <Actions {...{ tool, setup }} onClose={onClose} /> } : {})}
    >
      <div className="flex flex-col gap-5">
        <Remarks tool={tool} />
        {tool.model !== 'none' && <Models {...{ tool, names, setup }} />}
        {isEdited ? (
          <Tabs
            label="How"
            items={[
              { id: 'click', title: 'With a click', content: <Changes {...{ tool, setup }} /> },
              { id: 'hand', title: 'By hand', content: byHand },
            ]}
          />
        ) : (
          byHand
        )}
      </div>
    </Drawer>
  )
}

type Setup = ReturnType<typeof useSetup>

function useSetup(tool: Tool) {
  const [model, setModel] = useState(tool.chosenModel ?? '')
  const [smallModel, setSmallModel] = useState(tool.chosenSmallModel ?? '')
  const [verification, setVerification] = useState<ToolVerification>()
  const connect = useAct('tools.connect', {
    saved: false,
    toastErrors: false,
    onDone: (output) => setVerification(output.verification),
  })
  const given = (name: string, text: string) => (text.trim() === '' ? {} : { [name]: text.trim() })
  const choice = { tool: tool.id, ...given('model', model), ...given('smallModel', smallModel) } as {
    tool: string
    model?: string
    smallModel?: string
  }
  const isReady = tool.model !== 'required' || choice.model !== undefined
  return { model, setModel, smallModel, setSmallModel, choice, isReady, connect, verification, setVerification }
}

/** What to know before, and what cannot be done. */
function Remarks({ tool: { cannot, notes, documentation, files } }: { tool: Tool }) {
  const { openExternal } = usePlatform()
  const broken = files.filter(({ problem }) => problem !== null)
  return (
    <div className="flex flex-col gap-3 empty:hidden">
      {broken.map(({ path, problem }) => (
        <Note key={path} kind="bad" title={`${path} cannot be edited.`} text={problem ?? undefined} />
      ))}
      {cannot.map((text) => (
        <Note key={text} kind="warn" title={text} />
      ))}
      {notes.length > 0 && (
        <ul className="list-disc pl-5 text-muted">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {documentation !== null && (
        <Button
          kind="quiet"
          size="small"
          icon={ExternalLink}
          className="self-start"
          onClick={() => void openExternal(documentation)}
        >
          How its makers describe it
        </Button>
      )}
    </div>
  )
}

function Models({ tool, names, setup }: Pick<ToolDrawerProps, 'tool' | 'names'> & { setup: Setup }) {
  return (
    <div className="grid gap-4 medium:grid-cols-2">
      <Combobox
        label="Model"
        value={setup.model}
        onChange={setup.setModel}
        suggestions={names}
        placeholder={tool.model === 'required' ? 'An alias or a model' : 'The one it asks for by itself'}
        help={tool.model === 'required' ? 'It must be told which model to ask for.' : 'Empty: its own choice.'}
      />
      {tool.hasSmallModel && (
        <Combobox
          label="Model for small tasks"
          value={setup.smallModel}
          onChange={setup.setSmallModel}
          suggestions={names}
          placeholder="The same"
          help="Titles and summaries: a cheap one will do."
        />
      )}
    </div>
  )
}

/** What would be written now; after it was, what the tool makes of it. */
function Changes({ tool, setup }: { tool: Tool; setup: Setup }) {
  const { choice, isReady, connect, verification } = setup
  const preview = useMethod('tools.preview', choice, { enabled: isReady, staleMs: 0 })
  if (!isReady) return <p className="text-muted">Choose a model to see what would be written.</p>
  return (
    <div className="flex flex-col gap-4">
      {connect.error !== null && <ErrorNote error={connect.error} />}
      {verification !== undefined && <Verification verification={verification} name={tool.name} />}
      {connect.data?.warnings.map((warning) => (
        <Note key={warning} kind="warn" title={warning} />
      ))}
      {preview.error !== null && <ErrorNote error={preview.error} />}
      {preview.data === undefined ? preview.isPending && <SkeletonRows /> : <Preview preview={preview.data} />}
    </div>
  )
}

function Preview({ preview: { files, warnings } }: { preview: ToolPreview }) {
  if (files.every(({ diff }) => diff === '') && warnings.length === 0) {
    return <p className="text-muted">Nothing would change: its files are as they should be.</p>
  }
  return (
    <>
      {warnings.map((warning) => (
        <Note key={warning} title={warning} />
      ))}
      {files.map((file) => (
        <DiffView key={file.path} file={file} />
      ))}
    </>
  )
}

function Actions({ tool, setup, onClose }: { tool: Tool; setup: Setup; onClose: () => void }) {
  const { choice, isReady, connect, setVerification } = setup
  const undo = useAct('tools.undo', {
    saved: false,
    onDone: (output) => {
      setVerification(undefined)
      const kept = output.files.some(({ outcome }) => outcome === 'cleaned')
      toastSaved(
        kept
          ? `${tool.name} no longer uses the gateway; what you changed since stays.`
          : `${tool.name} is as it was before.`,
      )
      onClose()
    },
  })
  const isConnected = tool.state !== 'no'
  return (
    <>
      {isConnected && (
        <Button
          kind="quiet"
          icon={Undo2}
          className="mr-auto"
          isBusy={undo.isPending}
          onClick={() => undo.mutate({ tool: tool.id })}
        >
          Restore its settings
        </Button>
      )}
      <Button
        kind="primary"
        disabled={!isReady || tool.state === 'broken'}
        isBusy={connect.isPending}
        onClick={() => connect.mutate(choice)}
      >
        {isConnected ? 'Connect again' : `Connect ${tool.name}`}
      </Button>
    </>
  )
}

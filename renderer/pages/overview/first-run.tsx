import { Circle, CircleCheck, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Link } from 'wouter'
import type { Status } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { Code } from '../../ui/code.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Card } from '../../ui/layout.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { curlCommand, toolCommands } from './tool-commands.ts'

const copiedKey = 'copied-address'

/** The first four steps, ticked live; it goes when all are done and it was closed, and never comes for those who have calls. */
export function FirstRun() {
  const status = useMethod('status.get', {}).data
  const [isShown, setShown] = useState<boolean>()
  if (status === undefined) return null
  // Decided by the first answer, so that the last tick is seen.
  if (isShown === undefined) setShown(!status.hasCalls)
  return isShown === true ? <Steps status={status} onClose={() => setShown(false)} /> : null
}

function Steps({ status, onClose }: { status: Status; onClose: () => void }) {
  const providers = useMethod('providers.list', {}).data?.providers ?? []
  const model = useMethod('models.list', {}).data?.models[0]?.id ?? 'gpt-6-mini'
  const [hasCopied, setCopied] = useState(() => localStorage.getItem(copiedKey) !== null)
  const url = status.url ?? `http://${status.host}:${status.port}`
  const hasKey = providers.some(
    ({ key, state }) => key.state === 'set' || (key.state === 'none' && state === 'healthy'),
  )
  const remember = () => {
    localStorage.setItem(copiedKey, 'yes')
    setCopied(true)
  }
  return (
    <Card
      title={status.hasCalls ? 'It works: the first call went through' : 'Four steps to the first call'}
      actions={status.hasCalls && <IconButton icon={X} label="Close" size="small" onClick={onClose} />}
    >
      <ol className="flex flex-col gap-4">
        <Step
          isDone={hasKey}
          title="Add a key"
          text={
            status.usesDemo
              ? 'Until then a built-in demo answers; a local model needs no key.'
              : 'Kept in the keychain; a local model needs none.'
          }
        >
          <Link href="/providers" className="rounded-small font-medium text-accent-ink hover:underline">
            Choose a provider
          </Link>
        </Step>
        <Step isDone={hasCopied || status.hasCalls} title="Copy the address" text="The one address for all your tools.">
          <span className="flex items-center gap-1">
            <code>{url}</code>
            <CopyButton text={url} label="Copy the address" onCopied={remember} />
          </span>
        </Step>
        <Step isDone={status.hasCalls} title="Connect a tool" text="Tell it the address instead of the provider's.">
          <p className="mb-2">
            <Link href="/connect" className="rounded-small font-medium text-accent-ink hover:underline">
              Connect one for good with a click
            </Link>
            , or try one for once:
          </p>
          <Tabs
            label="Tools"
            items={toolCommands(url).map(({ tool, command }) => ({
              id: tool.toLowerCase().replaceAll(' ', '-'),
              title: tool,
              content: <Code text={command} label={`Copy the command for ${tool}`} wraps />,
            }))}
          />
        </Step>
        <Step
          isDone={status.hasCalls}
          title={status.hasCalls ? 'First request seen' : 'Waiting for the first request'}
          text={status.hasCalls ? 'From here on this page shows what your calls cost.' : 'Or send one by hand:'}
        >
          {!status.hasCalls && <Code text={curlCommand(url, model)} label="Copy the command" wraps />}
        </Step>
      </ol>
    </Card>
  )
}

interface StepProps {
  isDone: boolean
  title: string
  text: string
  children: ReactNode
}

function Step({ isDone, title, text, children }: StepProps) {
  const Icon = isDone ? CircleCheck : Circle
  return (
    <li className="grid gap-x-6 gap-y-2 medium:grid-cols-[280px_1fr]">
      <div className="flex gap-2.5">
        <Icon
          aria-hidden
          className={isDone ? 'size-5 shrink-0 text-good' : 'size-5 shrink-0 text-faint'}
          strokeWidth={1.75}
        />
        <div>
          <div className="font-medium">
            {title}
            <span className="sr-only">{isDone ? ' (done)' : ' (to do)'}</span>
          </div>
          <p className="text-small text-muted">{text}</p>
        </div>
      </div>
      <div className="min-w-0 max-medium:pl-7.5">{!isDone && children}</div>
    </li>
  )
}

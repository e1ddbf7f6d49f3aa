import { CornerDownLeft, Square } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { usePlatform } from '../../client/platform.tsx'
import { Button } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { cannotSend, runningIds, type Conversation } from './conversation.ts'
import type { PlaygroundStore } from './playground-store.ts'

/** Where the next message is written. */
export function Composer({ conversation, store }: { conversation: Conversation; store: PlaygroundStore }) {
  const { isMac } = usePlatform()
  const field = useRef<HTMLTextAreaElement>(null)
  const isRunning = runningIds(conversation).length > 0
  const reason = cannotSend(conversation)
  useEffect(() => {
    field.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-3 pb-4">
      <TextArea
        ref={field}
        label="Message"
        hidesLabel
        rows={3}
        spellCheck
        placeholder="Ask something"
        value={conversation.draft}
        onChange={(draft) => store.change((now) => ({ ...now, draft }))}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(isMac ? event.metaKey : event.ctrlKey)) return
          event.preventDefault()
          store.send()
        }}
      />
      {/* At the left: toasts come at the right. */}
      <div className="flex items-center gap-3">
        {isRunning ? (
          <Button icon={Square} onClick={store.stop}>
            Stop
          </Button>
        ) : (
          <Button
            kind="primary"
            icon={CornerDownLeft}
            disabled={reason !== undefined}
            title={reason}
            onClick={store.send}
          >
            Send
          </Button>
        )}
        <Kbd keys="mod+enter" isMac={isMac} />
        <span className="text-small text-muted">{conversation.draft === '' ? '' : reason}</span>
      </div>
    </div>
  )
}

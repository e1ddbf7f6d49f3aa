import { useState } from 'react'
import type { Tool } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/notes.tsx'
import { toastFailure, toastSaved } from '../../ui/toast.tsx'
import { choiceOf, listed } from './tool-words.ts'

/** The gateway has moved: its tools still ask at the old address. */
export function MovedNote({ tools, baseUrl }: { tools: readonly Tool[]; baseUrl: string }) {
  const connect = useAct('tools.connect', { saved: false, toastErrors: false })
  const [isBusy, setBusy] = useState(false)
  if (tools.length === 0) return null
  const names = listed(tools.map(({ name }) => name))
  const pointHere = async () => {
    setBusy(true)
    try {
      // One after the other: two may share a file.
      for (const tool of tools) await connect.mutateAsync(choiceOf(tool))
      toastSaved(`${names} ${tools.length === 1 ? 'uses' : 'use'} ${baseUrl} now`)
    } catch (error) {
      toastFailure(error as { message: string })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Note
      kind="warn"
      title={`${names} still ${tools.length === 1 ? 'asks' : 'ask'} at another address.`}
      text={`The gateway is at ${baseUrl} now.`}
      action={
        <Button isBusy={isBusy} onClick={() => void pointHere()}>
          {tools.length === 1 ? 'Point it here' : 'Point them here'}
        </Button>
      }
    />
  )
}

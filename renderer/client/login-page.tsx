import { useState, type SubmitEvent } from 'react'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/notes.tsx'
import { TextField } from '../ui/text-field.tsx'
import { CallFailure, asFailure } from './client.ts'
import { checkToken } from './http-client.ts'

export interface LoginPageProps {
  baseUrl: string
  /** The token kept so far was refused. */
  wasDenied: boolean
  onToken: (token: string) => void
}

/** In a browser: the admin token, once per session. */
export function LoginPage({ baseUrl, wasDenied, onToken }: LoginPageProps) {
  const [token, setToken] = useState('')
  const [failure, setFailure] = useState<CallFailure | undefined>(wasDenied ? deniedFailure() : undefined)
  const [isBusy, setBusy] = useState(false)
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setBusy(true)
    checkToken(baseUrl, token.trim())
      .then(() => onToken(token.trim()))
      .catch((thrown: unknown) => setFailure(asFailure(thrown)))
      .finally(() => setBusy(false))
  }
  return (
    <main className="flex h-full items-start justify-center overflow-y-auto p-6 pt-[18vh]">
      <form onSubmit={submit} className="flex w-[400px] flex-col gap-4">
        <div className="flex items-center gap-3">
          <img src={new URL('../icon.svg', import.meta.url).href} alt="" className="size-8" />
          <h1 className="text-page font-semibold">LLM Gateway</h1>
        </div>
        <TextField
          label="Admin token"
          type="password"
          isMono
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- there is nothing else on this page
          autoFocus
          autoComplete="current-password"
          value={token}
          onChange={setToken}
          help={failure === undefined ? tokenHelp : undefined}
        />
        {failure !== undefined && <ErrorNote error={failure} />}
        <Button type="submit" kind="primary" disabled={token.trim() === ''} isBusy={isBusy}>
          Sign in
        </Button>
      </form>
    </main>
  )
}

const tokenHelp =
  'It was printed when the gateway first started and is kept in the file admin-token in its data folder, unless it was set with LLM_GATEWAY_ADMIN_TOKEN. This page forgets it when the tab is closed.'

function deniedFailure(): CallFailure {
  return new CallFailure({
    code: 'invalid_api_key',
    message: 'The token is no longer accepted.',
    hint: 'The gateway was given another one. Take it from the file admin-token in its data folder.',
    field: null,
  })
}

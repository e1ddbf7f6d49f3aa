import type { QueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import type { Client } from './client.ts'
import { createHttpClient } from './http-client.ts'
import { LoginPage } from './login-page.tsx'

const storageKey = 'admin-token'

export interface BrowserSessionProps {
  baseUrl: string
  queries: QueryClient
  /** The app, with a client that has a token. */
  children: (client: Client) => ReactNode
}

/** Keeps the token for as long as the tab is open, and asks for it while there is none. */
export function BrowserSession({ baseUrl, queries, children }: BrowserSessionProps) {
  const [token, setToken] = useState(() => sessionStorage.getItem(storageKey))
  const [wasDenied, setDenied] = useState(false)
  const client = useMemo(() => {
    if (token === null) return undefined
    const onDenied = () => {
      sessionStorage.removeItem(storageKey)
      setDenied(true)
      setToken(null)
      queries.clear()
    }
    return createHttpClient({ baseUrl, token, onDenied })
  }, [baseUrl, token, queries])
  useEffect(() => () => client?.close(), [client])
  if (client !== undefined) return children(client)
  const signIn = (token: string) => {
    sessionStorage.setItem(storageKey, token)
    setToken(token)
  }
  return <LoginPage baseUrl={baseUrl} wasDenied={wasDenied} onToken={signIn} />
}

import { createRoot } from 'react-dom/client'
import type { GatewayBridge } from '../main/bridge-types.ts'
import { App } from './app.tsx'
import { BrowserSession } from './client/browser-session.tsx'
import { createIpcClient } from './client/ipc-client.ts'
import { browserPlatform, desktopPlatform } from './client/platform.tsx'
import { createQueryClient } from './client/query.ts'
import { applyTheme, readTheme } from './lib/theme.ts'
import './styles.css'

declare global {
  interface Window {
    /** Put up by the preload script; a browser has none. */
    gateway?: GatewayBridge
  }
}

// Before anything is drawn: a flash of the other theme hurts the eyes.
applyTheme(readTheme())()

const queries = createQueryClient()

function start(bridge: GatewayBridge | undefined) {
  if (bridge !== undefined) {
    return <App client={createIpcClient(bridge)} platform={desktopPlatform(bridge.native)} queries={queries} />
  }
  const platform = browserPlatform()
  return (
    <BrowserSession baseUrl={location.origin} queries={queries}>
      {(client) => <App client={client} platform={platform} queries={queries} />}
    </BrowserSession>
  )
}

const root = document.getElementById('root')
if (root !== null) createRoot(root).render(start(window.gateway))

import { createContext, use, type ReactNode } from 'react'
import type { GatewayBridge } from '../../main/bridge-types.ts'

/** What the machine around the window can do; the same in the app and in a browser. */
export interface Platform {
  readonly isMac: boolean
  copy: (text: string) => Promise<void>
  /** In the user's browser. */
  openExternal: (url: string) => Promise<void>
  /** Asks where to. false: the user thought better of it. */
  saveText: (name: string, text: string) => Promise<boolean>
  /** Asks which file. undefined: the user thought better of it. */
  openText: () => Promise<string | undefined>
}

const PlatformContext = createContext<Platform | undefined>(undefined)

export function PlatformProvider({ platform, children }: { platform: Platform; children: ReactNode }) {
  return <PlatformContext value={platform}>{children}</PlatformContext>
}

export function usePlatform(): Platform {
  const platform = use(PlatformContext)
  if (platform === undefined) throw new Error('usePlatform is called outside of PlatformProvider')
  return platform
}

export function desktopPlatform(native: GatewayBridge['native']): Platform {
  return {
    isMac: native.platform === 'darwin',
    copy: (text) => native.copy(text),
    openExternal: (url) => native.openExternal(url),
    saveText: (name, text) => native.saveFile(name, text),
    openText: async () => (await native.openFile()) ?? undefined,
  }
}

export function browserPlatform(): Platform {
  return {
    isMac: /Mac|iPhone|iPad/.test(navigator.userAgent),
    copy: copyInBrowser,
    openExternal: async (url) => void window.open(url, '_blank', 'noopener,noreferrer'),
    saveText: async (name, text) => {
      const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
      Object.assign(document.createElement('a'), { href: url, download: name }).click()
      // The download has read it by then.
      setTimeout(() => URL.revokeObjectURL(url), 10_000)
      return true
    },
    openText: () =>
      new Promise((resolve) => {
        const input = Object.assign(document.createElement('input'), { type: 'file', accept: '.yaml,.yml,.txt' })
        input.addEventListener('cancel', () => resolve(undefined))
        input.addEventListener('change', () => {
          const file = input.files?.[0]
          if (file === undefined) return resolve(undefined)
          void file.text().then(resolve)
        })
        input.click()
      }),
  }
}

/** Over plain http from another machine there is no `navigator.clipboard`. */
async function copyInBrowser(text: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text)
  const area = Object.assign(document.createElement('textarea'), { value: text, ariaHidden: 'true' })
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

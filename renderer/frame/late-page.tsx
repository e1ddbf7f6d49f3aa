import { lazy, useState, type ComponentType } from 'react'

export interface LatePage {
  Page: ComponentType
  /** Fetches its code before it is opened. */
  preload: () => Promise<unknown>
}

/** A page whose code is fetched when it is first opened, unless it is here by then. */
export function latePage(load: () => Promise<{ Page: ComponentType }>): LatePage {
  let loaded: ComponentType | undefined
  const preload = async () => {
    loaded = (await load()).Page
    return { default: loaded }
  }
  const Late = lazy(preload)

  function Page() {
    // React keeps up the sign of waiting for 300 ms, also for code that is here: so that must not go through `lazy`.
    // Chosen once: another component in its place would start anew.
    const [Shown] = useState(() => loaded ?? Late)
    return <Shown />
  }
  return { Page, preload }
}

/** One after the other, whenever the window has nothing better to do. A failure shows when the page is opened. */
export async function preloadPages(pages: readonly Pick<LatePage, 'preload'>[]): Promise<void> {
  for (const { preload } of pages) {
    await new Promise((resolve) => requestIdleCallback(resolve))
    await preload().catch(() => undefined)
  }
}

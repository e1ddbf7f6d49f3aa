import { lazy, useState, type ComponentType } from 'react'

/** A component whose code comes when it is first drawn, or before that by `preload`. */
export interface Late<Props> {
  Component: ComponentType<Props>
  preload: () => Promise<unknown>
}

export function late<Props extends object>(load: () => Promise<ComponentType<Props>>): Late<Props> {
  let loaded: ComponentType<Props> | undefined
  const preload = async () => {
    loaded = await load()
    return { default: loaded }
  }
  const Waiting: ComponentType<Props> = lazy(preload)

  function Component(props: Props) {
    // React keeps up the sign of waiting for 300 ms, also for code that is here: so that must not go through `lazy`.
    // Chosen once: another component in its place would start anew.
    const [Shown] = useState(() => loaded ?? Waiting)
    return <Shown {...props} />
  }
  return { Component, preload }
}

/** One after the other, whenever the window has nothing better to do. A failure shows when it is drawn. */
export async function preloadAll(components: readonly { preload: () => Promise<unknown> }[]): Promise<void> {
  for (const { preload } of components) {
    await new Promise((resolve) => requestIdleCallback(resolve))
    await preload().catch(() => undefined)
  }
}

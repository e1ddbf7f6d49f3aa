import { app } from 'electron'

/** Quitting ends what runs in good order first: calls, the ledger. */
export function setupQuit(close: () => Promise<void>, log: (error: unknown) => void): { isQuitting: () => boolean } {
  let isQuitting = false
  let isClosed = false
  app.on('before-quit', () => {
    isQuitting = true
  })
  app.on('will-quit', (event) => {
    if (isClosed) return
    event.preventDefault()
    void close()
      .catch(log)
      .finally(() => {
        isClosed = true
        app.quit()
      })
  })
  // The tray stays when the window goes.
  app.on('window-all-closed', () => undefined)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit())
  return { isQuitting: () => isQuitting }
}

import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/notes.tsx'

interface State {
  error: Error | undefined
}

/** A page that breaks says so in its place; the others go on. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: undefined }

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children
    return (
      <div className="p-6">
        <ErrorNote
          error={{
            message: 'This page has failed.',
            hint: `It said: ${this.state.error.message}. The gateway itself goes on; calls are not affected.`,
          }}
          // Anew, because code that could not be loaded once is not asked for again.
          action={<Button onClick={() => location.reload()}>Load the window again</Button>}
        />
      </div>
    )
  }
}

import { useState } from 'react'

/**
 * Radix gives the focus back to a dialog's own trigger only; ours open from anywhere. Answers what to do when it closes:
 * the element that had the focus before has it again, if it is still there.
 */
export function useFocusBack(open: boolean): (event: Event) => void {
  const [wasOpen, setWasOpen] = useState(false)
  const [before, setBefore] = useState<Element | null>(null)
  if (open !== wasOpen) {
    setWasOpen(open)
    // While it is being drawn, so before anything in it takes the focus.
    if (open) setBefore(document.activeElement)
  }
  return (event) => {
    event.preventDefault()
    if (before instanceof HTMLElement && before.isConnected) before.focus()
  }
}

/** Shortcuts as text: `mod+k` (Ctrl, or Command on a Mac), `shift+?`, `/`, `escape`. */

export interface KeyPress {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

/** Shift counts only with letters and named keys: `?` is what it is on every keyboard. */
export function matchesHotkey(keys: string, press: KeyPress, isMac: boolean): boolean {
  const parts = keys.toLowerCase().split('+')
  const key = parts.pop() ?? ''
  const pressed = press.key.toLowerCase()
  const isSign = key.length === 1 && !/[a-z]/.test(key)
  return (
    pressed === key &&
    (isMac ? press.metaKey : press.ctrlKey) === parts.includes('mod') &&
    !(isMac ? press.ctrlKey : press.metaKey) &&
    press.altKey === parts.includes('alt') &&
    (isSign || press.shiftKey === parts.includes('shift'))
  )
}

/** Single keys do nothing while something is typed; those with a modifier, and Escape, always count. */
export function countsWhileTyping(keys: string): boolean {
  return keys.includes('mod+') || keys.includes('alt+')
}

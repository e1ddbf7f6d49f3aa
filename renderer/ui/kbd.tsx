/** Keys of a shortcut: `<Kbd keys="mod+k" isMac={...} />`. */
export function Kbd({ keys, isMac }: { keys: string; isMac: boolean }) {
  return (
    <span className="inline-flex shrink-0 gap-0.5">
      {keys.split('+').map((key) => (
        <kbd
          key={key}
          className="inline-flex h-5 min-w-5 items-center justify-center rounded-small border border-line bg-sunken px-1 font-sans text-small text-muted"
        >
          {keyName(key, isMac)}
        </kbd>
      ))}
    </span>
  )
}

function keyName(key: string, isMac: boolean): string {
  const names: Record<string, string> = {
    mod: isMac ? '⌘' : 'Ctrl',
    shift: isMac ? '⇧' : 'Shift',
    alt: isMac ? '⌥' : 'Alt',
    enter: 'Enter',
    escape: 'Esc',
    arrowup: '↑',
    arrowdown: '↓',
  }
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key)
}

/** `use letters and digits` -> `Use letters and digits.` */
export function asSentence(text: string): string {
  const trimmed = text.trim()
  const ended = /[.!?…]["”]?$/.test(trimmed) ? trimmed : `${trimmed}.`
  return ended.charAt(0).toUpperCase() + ended.slice(1)
}

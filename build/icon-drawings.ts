/** The mark: an open gate with its post, on a grid of 16. Ends are round, so that it stays a gate at 16 pixels. */
const gate = 'M3.5 13V6.5a4.5 4.5 0 0 1 9 0V13M8 7.2V13'

export type Gap = 'edge to edge' | 'margin'

/** The app's icon; macOS wants it to keep its distance from the edge. */
export function appIcon(gap: Gap): string {
  const inner = `<rect width="16" height="16" rx="3.5" fill="#4f46c8"/><path d="${gate}" fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round"/>`
  const scale = gap === 'margin' ? 'translate(1.56 1.56) scale(0.805)' : ''
  return svg(`<g transform="${scale}">${inner}</g>`)
}

export type TrayState = 'running' | 'degraded' | 'stopped'

export interface TrayLook {
  state: TrayState
  /** Of the mark. */
  ink: string
  /** Of the dot; macOS knows black only. */
  dots: Record<Exclude<TrayState, 'running'>, string>
}

/** The mark alone. Degraded: with a dot. Stopped: faint, with a ring. */
export function trayIcon({ state, ink, dots }: TrayLook): string {
  const mark = `<path d="${gate.replaceAll('13', '14')}" fill="none" stroke="${ink}" stroke-width="1.9" stroke-linecap="round"/>`
  if (state === 'running') return svg(mark)
  // The dot stands free of the mark.
  const free = `<mask id="m"><rect width="16" height="16" fill="#fff"/><circle cx="12.2" cy="12.2" r="4.6" fill="#000"/></mask>`
  const shape =
    state === 'degraded'
      ? `<circle cx="12.2" cy="12.2" r="3.3" fill="${dots.degraded}"/>`
      : `<circle cx="12.2" cy="12.2" r="2.6" fill="none" stroke="${dots.stopped}" stroke-width="1.5"/>`
  const faint = state === 'stopped' ? ' opacity="0.55"' : ''
  return svg(`${free}<g mask="url(#m)"${faint}>${mark}</g>${shape}`)
}

function svg(inner: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="100%" height="100%">${inner}</svg>`
}

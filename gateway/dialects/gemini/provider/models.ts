import type { WriteTarget } from '../../dialect.ts'

type Version = [major: number, minor: number]

const newest: Version = [Number.POSITIVE_INFINITY, 0]
const oldest: Version = [1, 0]

/** undefined for other families (Gemma, tuned models). Google's names are open-ended: one without a number is an alias of the newest. */
function versionOf(model: string): Version | undefined {
  const name = bareName(model)
  if (!name.startsWith('gemini-')) return undefined
  if (/^gemini-(pro|pro-vision|ultra|exp.*)$/.test(name)) return oldest
  const [, major, minor] = /^gemini-(?:[a-z-]*-)?(\d+)(?:\.(\d+))?/.exec(name) ?? []
  return major === undefined ? newest : [Number(major), Number(minor ?? 0)]
}

function bareName(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1).toLowerCase()
}

export function isAtLeast(model: string, major: number, minor = 0): boolean {
  const version = versionOf(model)
  if (version === undefined) return false
  return version[0] > major || (version[0] === major && version[1] >= minor)
}

/**
 * Gemini 3 and later take `thinkingLevel`, 2.5 takes `thinkingBudget`, both at once is a 400, and older ones refuse
 * either (ai.google.dev/gemini-api/docs/thinking). The facts decide where they know; else the name does.
 */
export function thinkingStyle({ model, facts }: WriteTarget): 'level' | 'budget' | 'none' {
  if (facts.thinking !== undefined && facts.thinking !== 'adaptive') return facts.thinking
  if (isAtLeast(model, 3)) return 'level'
  return isAtLeast(model, 2, 5) ? 'budget' : 'none'
}

/** Pro models, and Flash (not Flash-Lite) from 3.7 on, know no MINIMAL: their least is LOW. */
export function leastLevel(model: string): 'MINIMAL' | 'LOW' {
  const name = bareName(model)
  if (name.includes('pro')) return 'LOW'
  return isAtLeast(model, 3, 7) && !name.includes('lite') ? 'LOW' : 'MINIMAL'
}

/** gemini-3-pro alone knows only LOW and HIGH. */
export function hasMediumLevel(model: string): boolean {
  return !bareName(model).startsWith('gemini-3-pro')
}

/** Thinking tokens a 2.5 model accepts; outside of it Google answers 400. `off`: 0 is accepted too. */
export function budgetRange(model: string): { min: number; max: number; off: boolean } {
  const name = bareName(model)
  if (name.includes('pro')) return { min: 128, max: 32_768, off: false }
  return { min: name.includes('lite') ? 512 : 1, max: 24_576, off: true }
}

/** 400 "Penalty is not enabled for this model" from the 2.5 models, and from 3.5 on penalties are gone. */
export function takesPenalties(model: string): boolean {
  const is25 = isAtLeast(model, 2, 5) && !isAtLeast(model, 3)
  return !is25 && !isAtLeast(model, 3, 5)
}

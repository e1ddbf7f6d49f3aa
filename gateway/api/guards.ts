import type { GuardConfig } from '../config/guards.ts'
import { startOfDay } from '../config/calendar.ts'
import type { GuardCounts, GuardDetector, GuardRule, GuardTrialResult } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { Check } from '../guards/detector.ts'
import { detectors } from '../guards/detectors.ts'
import { createGuard, redact, screen } from '../guards/guard.ts'
import type { CallSummary, LedgerReader } from '../stores/ledger-reader.ts'
import type { HandlersOf } from './api.ts'
import { dayMs } from './buckets.ts'
import type { Configuration } from './configuration.ts'

export interface GuardsPorts {
  configuration: Pick<Configuration, 'current' | 'edit'>
  ledger: Pick<LedgerReader, 'calls'>
  /** Milliseconds since 1970. */
  now: () => number
  /** IANA name: today begins at its midnight. */
  timeZone: () => string
}

export function createGuardsHandlers({ configuration, ledger, now, timeZone }: GuardsPorts): HandlersOf<'guards'> {
  return {
    async 'guards.get'() {
      const { guards } = configuration.current().config
      const { calls, isCut } = guards.length === 0 ? nothing : await guardedCalls(ledger, now() - 7 * dayMs)
      const today = startOfDay(now(), timeZone())
      return {
        guards: guards.map(ruleOf),
        detectors: { 'prompt-injection': shown('prompt-injection'), secrets: shown('secrets'), pii: shown('pii') },
        counts: guards.map(({ name }) => countsOf(name, calls, today)),
        countsAreCut: isCut,
      }
    },
    'guards.save': ({ guards }) => {
      check(guards)
      return configuration.edit([{ path: ['guards'], value: guards.length === 0 ? undefined : guards.map(written) }])
    },
    'guards.try': ({ text, guards }) => {
      if (guards !== undefined) check(guards)
      return tryOn(text, guards?.map(written) ?? configuration.current().config.guards)
    },
  }
}

const nothing = { calls: [], isCut: false }

/** Read at most, for a page that somebody waits for. */
const mostCalls = 5000
const pageSize = 500

async function guardedCalls(
  ledger: Pick<LedgerReader, 'calls'>,
  since: number,
): Promise<{ calls: CallSummary[]; isCut: boolean }> {
  const all: CallSummary[] = []
  let before: { startedAt: number; id: number } | undefined
  while (all.length < mostCalls) {
    const page = await ledger.calls({
      limit: pageSize,
      filter: { guarded: true },
      ...(before !== undefined && { before }),
    })
    const recent = page.calls.filter(({ startedAt }) => startedAt >= since)
    all.push(...recent)
    const last = page.calls.at(-1)
    if (!page.hasMore || recent.length < page.calls.length || last === undefined) return { calls: all, isCut: false }
    before = { startedAt: last.startedAt, id: last.id }
  }
  return { calls: all, isCut: true }
}

function countsOf(name: string, calls: readonly CallSummary[], today: number): GuardCounts {
  const own = calls.filter(({ guards = [] }) => guards.some(({ guard }) => guard === name))
  return { guard: name, today: own.filter(({ startedAt }) => startedAt >= today).length, week: own.length }
}

function shown(check: Check): GuardDetector[] {
  return detectors[check].map(({ name, label, description, isOptional = false }) => ({
    name,
    label,
    description,
    isOptional,
  }))
}

function ruleOf({ name, check, action, on, aliases, detectors: names, allow = [] }: GuardConfig): GuardRule {
  return { name, check, action, on, aliases: aliases ?? null, detectors: names ?? null, allow }
}

/** As it stands in the file; undefined takes a member out. */
function written({ name, check, action, on, aliases, detectors: names, allow }: GuardRule): Rule {
  return {
    name,
    check,
    action,
    on,
    ...(aliases !== null && { aliases }),
    ...(names !== null && { detectors: names }),
    ...(allow.length > 0 && { allow }),
  }
}

type Rule = Parameters<typeof createGuard>[0]

/** Said here, where the form's own field can be named. */
function check(guards: readonly GuardRule[]): void {
  for (const [index, { name, check: own, action, detectors: names }] of guards.entries()) {
    const refuse = (field: string, text: string): never => {
      throw new GatewayError('invalid_request', text, { param: `guards.${index}.${field}` })
    }
    if (guards.findIndex((other) => other.name === name) < index) {
      refuse('name', `Another guard has the name "${name}". Give each its own.`)
    }
    if (own === 'prompt-injection' && action === 'redact') {
      refuse('action', 'An attack cannot be redacted: choose log, flag or block.')
    }
    const unknown = names?.find((each) => !detectors[own].some((detector) => detector.name === each))
    if (unknown !== undefined) refuse('detectors', `"${unknown}" is no detector of ${own}.`)
  }
}

function tryOn(text: string, rules: readonly Rule[]): GuardTrialResult {
  const matches = screen(text, rules.map(createGuard))
  const blocking = matches.filter(({ guard }) => guard.action === 'block')
  return {
    findings: matches
      .map(({ guard, detector, start, end }) => ({
        guard: guard.name,
        check: guard.check,
        action: guard.action,
        detector: detector.name,
        start,
        end,
      }))
      .sort((one, other) => one.start - other.start),
    redacted: redact(
      text,
      matches.filter(({ guard }) => guard.action === 'redact'),
    ),
    blockedBy: [...new Set(blocking.map(({ guard }) => guard.name))],
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import { checks, type Check } from '../../../gateway/guards/detector.ts'
import { detectorsOf } from '../../../gateway/guards/detectors.ts'
import { findWith } from '../../../gateway/guards/find.ts'
import { fake, fakeSecrets } from './fake-secrets.ts'

/** A text of test/fixtures/guards/, and what is in it: `secrets/jwt`. */
export interface Labelled {
  text: string
  hits: string[]
  /** Not looked at while the patterns were written. */
  heldOut: boolean
}

/** Secrets are put in here: written out in a file they would alarm whoever scans it. */
const more: Record<string, string> = {
  random16: fake(16),
  random20: fake(20),
  random32: fake(32),
  random40: fake(40),
  sendgrid: ['SG', fake(22), fake(43)].join('.'),
  npm: ['npm', fake(36)].join('_'),
  hf: ['hf', fake(34)].join('_'),
  'private-key-escaped': fakeSecrets['private-key'].replaceAll('\n', String.raw`\n`),
}

export function readCorpus(folder = new URL('../../fixtures/guards/', import.meta.url)): Labelled[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .toSorted()
    .flatMap((file) => readFileSync(new URL(file, folder), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as Labelled)
    .map((row) => ({ ...row, text: row.text.replaceAll(/\{\{([\w-]+)\}\}/g, (_, name: string) => secretNamed(name)) }))
}

function secretNamed(name: string): string {
  const secret = more[name] ?? (fakeSecrets as Record<string, string>)[name]
  if (secret === undefined) throw new Error(`no fake secret is named ${name}`)
  return secret
}

export interface Rate {
  name: string
  /** Texts that have it, and those of them in which it was not found. */
  present: number
  missed: string[]
  /** Texts that do not have it, and those of them in which it was found all the same. */
  absent: number
  alarmed: string[]
}

/** One per check (anything of it counts), then one per detector. Detectors that are off by default are left out. */
export function ratesOf(corpus: readonly Labelled[]): Rate[] {
  const perCheck = checks.map((check) =>
    rate(check, corpus, {
      isThere: ({ hits }) => hits.some((hit) => hit.startsWith(`${check}/`)),
      isFound: ({ text }) => foundIn(text, check).length > 0,
    }),
  )
  const perDetector = checks.flatMap((check) =>
    detectorsOf(check, undefined).map((detector) =>
      rate(
        `${check}/${detector.name}`,
        corpus.filter((row) => isFair(row, check, detector.name)),
        {
          isThere: ({ hits }) => hits.includes(`${check}/${detector.name}`),
          isFound: ({ text }) => findWith(detector, text, () => false).length > 0,
        },
      ),
    ),
  )
  return [...perCheck, ...perDetector]
}

/** Two detectors of a check may both be right: only texts with nothing of the check tell a false alarm. */
function isFair({ hits }: Labelled, check: Check, name: string): boolean {
  return hits.includes(`${check}/${name}`) || !hits.some((hit) => hit.startsWith(`${check}/`))
}

function foundIn(text: string, check: Check): unknown[] {
  return detectorsOf(check, undefined).flatMap((detector) => findWith(detector, text, () => false))
}

function rate(
  name: string,
  corpus: readonly Labelled[],
  { isThere, isFound }: { isThere: (row: Labelled) => boolean; isFound: (row: Labelled) => boolean },
): Rate {
  const present = corpus.filter(isThere)
  const absent = corpus.filter((row) => !isThere(row))
  const texts = (rows: Labelled[]): string[] => rows.map(({ text }) => text)
  return {
    name,
    present: present.length,
    missed: texts(present.filter((row) => !isFound(row))),
    absent: absent.length,
    alarmed: texts(absent.filter(isFound)),
  }
}

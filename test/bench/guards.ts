import { screen, createGuard } from '../../gateway/guards/guard.ts'
import { checks } from '../../gateway/guards/detector.ts'
import { ratesOf, readCorpus, type Rate } from '../gateway/guards/corpus.ts'

/** `npm run bench:guards`: how often guards miss, how often they are wrong, and what they cost. `--texts` shows which. */

const showsTexts = process.argv.includes('--texts')
const corpus = readCorpus()
const heldOut = corpus.filter((row) => row.heldOut)
const tuned = corpus.filter((row) => !row.heldOut)

function percent(part: number, whole: number): string {
  return whole === 0 ? '     -' : `${((100 * part) / whole).toFixed(0).padStart(3)} % (${part}/${whole})`
}

function print(title: string, rates: Rate[]): void {
  console.log(`\n${title}\n${'detector'.padEnd(40)}${'missed'.padEnd(20)}false alarms`)
  for (const { name, present, missed, absent, alarmed } of rates) {
    console.log(`${name.padEnd(40)}${percent(missed.length, present).padEnd(20)}${percent(alarmed.length, absent)}`)
    if (!showsTexts) continue
    for (const text of missed) console.log(`    missed: ${JSON.stringify(text.slice(0, 100))}`)
    for (const text of alarmed) console.log(`    alarm:  ${JSON.stringify(text.slice(0, 100))}`)
  }
}

print(`Looked at while the patterns were written (${tuned.length} texts)`, ratesOf(tuned))
if (!process.argv.includes('--tuned')) print(`Held out (${heldOut.length} texts)`, ratesOf(heldOut))

const prose = corpus
  .map(({ text }) => text)
  .join('\n')
  .repeat(20)
  .slice(0, 200_000)
console.log(`\nOne look at ${prose.length / 1000} KB of all of that:`)
for (const check of checks) {
  const guard = createGuard({ name: check, check, action: 'log', on: ['request'] })
  screen(prose, [guard])
  const started = performance.now()
  screen(prose, [guard])
  console.log(`${check.padEnd(40)}${(performance.now() - started).toFixed(1)} ms`)
}

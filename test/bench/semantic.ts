import { configSchema } from '../../gateway/config/schema.ts'
import { nearest } from '../../gateway/semantic/nearest.ts'
import { unitVector } from '../../gateway/semantic/vector.ts'
import { judgedPairs, scoreOf, type JudgedPair, type Score } from './semantic-pairs.ts'

/** `npm run bench:semantic`: precision and recall of the semantic cache on test/fixtures/semantic, and the time of a look. */

const embedding = { provider: 'any', model: 'any' }
const { threshold = 0 } =
  configSchema.parse({ cache: { semantic: { aliases: ['any'], embedding } } }).cache.semantic ?? {}

function line(name: string, { found, ofSame, falseHits, ofOther }: Score): string {
  const precision =
    found + falseHits === 0 ? '   -' : `${((100 * found) / (found + falseHits)).toFixed(0).padStart(3)}%`
  const recall = `${((100 * found) / ofSame).toFixed(0).padStart(3)}%`
  return `${name.padEnd(26)} precision ${precision}   recall ${recall} (${found} of ${ofSame})   false hits ${falseHits} of ${ofOther}`
}

function table(title: string, pairs: readonly JudgedPair[]): void {
  console.log(`\n${title}: ${pairs.length} pairs`)
  for (const isGuarded of [false, true]) {
    for (const limit of [0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99]) {
      console.log(
        line(`${isGuarded ? 'guard' : 'no guard'}, from ${limit.toFixed(2)}`, scoreOf(pairs, limit, isGuarded)),
      )
    }
  }
  console.log(line(`AS SHIPPED, from ${threshold.toFixed(2)}`, scoreOf(pairs, threshold, true)))
}

/** 20,000 questions of 1,536 numbers, as text-embedding-3-small makes them: how long, and how long at a stretch. */
async function timeOfALook(): Promise<void> {
  const random = (): Float32Array =>
    unitVector(Float32Array.from({ length: 1536 }, () => Math.random() - 0.5)) as Float32Array
  const entries = Array.from({ length: 20_000 }, () => ({ vector: random() }))
  for (let warm = 0; warm < 3; warm += 1) await nearest(random(), entries.slice(0, 5000), { threshold: 0.9, most: 8 })
  const looks: { total: number; longest: number }[] = []
  for (let look = 0; look < 5; look += 1)
    looks.push(await timed(() => nearest(random(), entries, { threshold: 0.9, most: 8 })))
  // Of five, the one in which this machine had least else to do.
  const [best] = looks.toSorted((one, other) => one.longest - other.longest)
  const [total, longest] = [best?.total ?? 0, best?.longest ?? 0]
  console.log(`\n20,000 x 1,536: ${total.toFixed(0)} ms in all, at most ${longest.toFixed(1)} ms at a stretch`)
}

/** How long it takes, and the longest time in which nobody else had a turn; milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<{ total: number; longest: number }> {
  let longest = 0
  let isOver = false
  const began = performance.now()
  let last = began
  const watch = (): void => {
    const at = performance.now()
    longest = Math.max(longest, at - last)
    last = at
    if (!isOver) setImmediate(watch)
  }
  setImmediate(watch)
  await work()
  isOver = true
  return { total: performance.now() - began, longest }
}

const pairs = judgedPairs()
table('All', pairs)
table(
  'Held out',
  pairs.filter(({ part }) => part === 'held-out'),
)
if (process.argv.includes('--pairs')) {
  for (const { part, same, similarity, guard, first, second } of pairs) {
    console.log(
      `${part} ${same ? 'SAME ' : 'OTHER'} ${similarity.toFixed(3)} ${guard ?? 'PASSES'} | ${first} | ${second}`,
    )
  }
}
await timeOfALook()

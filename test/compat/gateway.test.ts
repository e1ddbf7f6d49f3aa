import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { type ScriptedDialectId, scriptedDialects } from '../helpers/scripted-dialect.ts'
import { limitOf } from './limits.ts'
import { type CellResult, compatibilityPage } from './page.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import type { Sdk } from './sdk.ts'
import { sdks } from './sdks.ts'
import { models, startWorld, type World } from './world.ts'

/** Every library against every provider's dialect, through the gateway; what was seen is docs/compatibility.md. */

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
beforeEach(() => world.reset())

const kept = { shown: true, returned: true }
const results: CellResult[] = []
const columns = sdks.flatMap((sdk) => scriptedDialects.map((dialect) => [sdk.name, dialect, sdk] as const))

describe.each(columns)('%s at %s', (_, dialect, sdk) => {
  test.each(scenarios.map((scenario) => [scenario.group, scenario.name, scenario] as const))(
    '%s: %s',
    async (...row) => {
      const [group, name, scenario] = row
      const note = await playCell(sdk, dialect, scenario)
      results.push({ sdk, dialect, group, scenario: name, ...(note === undefined ? {} : { note }) })
    },
  )
})

/** Why the cell does not hold, where it cannot; what happens there instead is looked at too. */
async function playCell(sdk: Sdk, dialect: ScriptedDialectId, scenario: Scenario): Promise<string | undefined> {
  const { upstream, replies, url } = world
  const lack = scenario.needs === undefined ? undefined : sdk.lacks[scenario.needs]
  const session = sdk.open({ url, model: models[dialect] })
  if (lack !== undefined) {
    if (scenario.needs === 'models') expect(session.models).toBeUndefined()
    return lack
  }
  const limit = limitOf({ sdk, dialect, scenario })
  const otherDialect = scriptedDialects[(scriptedDialects.indexOf(dialect) + 1) % scriptedDialects.length] ?? dialect
  const other = { model: models[otherDialect], dialect: otherDialect }
  const play = limit?.play ?? scenario.play
  const thoughts = limit?.thoughts ?? sdk.thoughts ?? kept
  await play({ sdk, session, thoughts, dialect, model: models[dialect], other, upstream, replies })
  // A cell that holds without a footnote loses nothing on the way.
  if (limit === undefined && scenario.isMany !== true) expect(replies.warnings).toEqual([])
  return limit?.reason
}

test('docs/compatibility.md is what this run saw', () => {
  // A cell that failed is not written as if it were nothing.
  expect(results).toHaveLength(columns.length * scenarios.length)
  const page = compatibilityPage(results, packageJson.devDependencies)
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync('docs/compatibility.md', page)
  expect(readFileSync('docs/compatibility.md', 'utf8'), 'run: UPDATE_DOCS=1 npx vitest run --project compat').toBe(page)
})

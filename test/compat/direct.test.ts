import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest'
import { type ScriptedUpstream, startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { HttpReplies } from './http-replies.ts'
import { scenarios } from './scenarios.ts'
import { sdks } from './sdks.ts'

/** Every library straight at the scripted upstream of its own dialect: what fails here is no fault of the gateway's. */

const model = 'scripted-model'
const replies = new HttpReplies()
let upstream: ScriptedUpstream

beforeAll(async () => {
  upstream = await startScriptedUpstream([model])
  replies.start()
})
afterAll(async () => {
  replies.stop()
  await upstream.close()
})
beforeEach(() => upstream.reset())
afterEach(() => replies.reset())

describe.each(sdks.map((sdk) => [sdk.name, sdk] as const))('%s', (_, sdk) => {
  const possible = scenarios.filter(
    ({ needs, isMany }) => isMany !== true && (needs === undefined || sdk.lacks[needs] === undefined),
  )
  test.each(possible.map((scenario) => [scenario.group, scenario.name, scenario] as const))('%s: %s', (...row) => {
    const session = sdk.open({ url: upstream.url, model })
    const { dialect } = sdk
    const { thoughts = { shown: true, returned: true } } = sdk
    return row[2].play({ sdk, session, thoughts, dialect, model, other: { model, dialect }, upstream, replies })
  })
})

import { LLMock } from '@copilotkit/aimock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestGateway, type TestGateway } from '../helpers/in-process.ts'
import { scriptedDialects } from '../helpers/scripted-dialect.ts'
import { weatherName } from './questions.ts'
import { sdks } from './sdks.ts'
import { configFor, models } from './world.ts'

/**
 * The same libraries and the gateway before a mock of other hands (aimock), so that a misunderstanding of ours cannot
 * agree with itself. Its answers are plain: text and tool calls.
 */

const toolCalls = ['Oslo', 'Rome'].map((city) => ({ name: weatherName, arguments: JSON.stringify({ city }) }))
const question = { userMessage: 'What weather?', hasToolResult: false }
const mock = new LLMock({ port: 0, host: '127.0.0.1' })
  .on({ userMessage: 'Hi!' }, { content: 'Grüße 👋, "quoted".' })
  .on({ userMessage: 'What weather?', hasToolResult: true }, { content: 'It snows.' })
  // By itself it would say FUNCTION_CALL, which Google does not.
  .on({ ...question, model: models.gemini }, { toolCalls, finishReason: 'stop' })
  .on(question, { toolCalls })

let gateway: TestGateway
let url: string
beforeAll(async () => {
  gateway = await createTestGateway(configFor(await mock.start()))
  url = await gateway.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await gateway.close()
  await mock.stop()
})

const columns = sdks.flatMap((sdk) => scriptedDialects.map((dialect) => [sdk.name, dialect, sdk] as const))

describe.each(columns)('%s at %s', (_, dialect, sdk) => {
  test.each([false, true])('text and tools, streamed: %s', async (stream) => {
    const session = sdk.open({ url, model: models[dialect] })
    const greeting = await session.ask({ stream, text: 'Hi!' })
    expect(greeting.facts).toMatchObject({ text: 'Grüße 👋, "quoted".', calls: [], finish: 'stop' })
    const first = await session.ask({ stream, text: 'What weather?', tools: true })
    const calls = ['Oslo', 'Rome'].map((city) => ({ name: weatherName, arguments: { city } }))
    expect(first.facts).toMatchObject({ text: '', calls, finish: 'tool-calls' })
    const second = await first.goOn({ results: ['snow', 'more snow'] })
    expect(second.facts).toMatchObject({ text: 'It snows.', calls: [], finish: 'stop' })
  })
})

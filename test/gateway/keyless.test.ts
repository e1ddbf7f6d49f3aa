import { expect, test, vi } from 'vitest'
import { createGateway } from '../../gateway/app.ts'
import { parseConfig } from '../../gateway/config/load.ts'
import { createMemoryLedger } from '../../gateway/stores/ledger-memory.ts'

const text = `providers:
  - name: lab
    type: openai-compatible
    baseUrl: http://127.0.0.1:9/v1
    apiKey: \${LAB_API_KEY}
logging: { level: silent }
`

test('a provider whose key is nowhere is not asked without it, also where it need not ask for one', async () => {
  const send = vi.fn(() => {
    throw new Error('asked')
  })
  const loaded = parseConfig(text, { file: 'gateway.yaml', env: {}, mayMiss: () => true })
  expect(loaded).toMatchObject({ missingKeys: ['LAB_API_KEY'], keyless: { lab: 'LAB_API_KEY' } })
  const upstream = { send, close: async () => {} }
  const gateway = await createGateway(loaded, { ledger: createMemoryLedger(), upstream, env: {} })
  const ask = () =>
    gateway.fastify.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      payload: { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
    })
  const refused = await ask()
  expect(refused.statusCode).toBe(503)
  expect(refused.json().error.message).toContain('LAB_API_KEY is not set anywhere')
  expect(send).not.toHaveBeenCalled()
  gateway.reload(parseConfig(text, { file: 'gateway.yaml', env: { LAB_API_KEY: 'sk-1' } }))
  await ask()
  expect(send).toHaveBeenCalled()
  await gateway.close()
})

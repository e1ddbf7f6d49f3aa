import { afterEach, expect, test } from 'vitest'
import { createMemoryLedger } from '../../gateway/stores/ledger-memory.ts'
import { createTestGateway, type TestGateway } from '../helpers/in-process.ts'

let gateway: TestGateway | undefined
afterEach(() => gateway?.close())

test('a ledger that cannot be written stops no call, and is counted', async () => {
  const ledger = { ...createMemoryLedger(), append: () => Promise.reject(new Error('disk full')) }
  gateway = await createTestGateway({}, { ledger })
  const { statusCode } = await gateway.fastify.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    payload: { model: 'demo', messages: [{ role: 'user', content: 'Hi' }] },
  })
  expect(statusCode).toBe(200)
  const { body } = await gateway.fastify.inject('/metrics')
  expect(body).toContain('\nllm_gateway_requests_total 1\n')
  expect(body).toContain('\nllm_gateway_ledger_errors_total 1\n')
})

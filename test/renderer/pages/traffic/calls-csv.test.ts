import { expect, test } from 'vitest'
import { callsCsv } from '../../../../renderer/pages/traffic/calls-csv.ts'
import { callRow } from './rows.ts'

function record(csv: string): Record<string, string> {
  const [heading = '', line = ''] = csv.split('\r\n')
  const cells = line.split(',')
  return Object.fromEntries(heading.split(',').map((name, index) => [name, cells[index] ?? 'absent']))
}

test('money is exact, times are ISO, what is not known is empty', () => {
  const call = callRow({
    costNanoUsd: 230_401,
    savedNanoUsd: null,
    inputTokens: 0,
    outputTokens: null,
    firstTokenMs: 12.6,
  })
  expect(record(callsCsv([call]))).toMatchObject({
    time: '1970-01-01T00:00:01.000Z',
    call_id: 'call-7',
    cost_usd: '0.000230401',
    saved_usd: '',
    input_tokens: '0',
    output_tokens: '',
    first_token_ms: '13',
    stream: 'false',
  })
})

test('one line per call below the heading', () => {
  expect(callsCsv([callRow(), callRow()]).trimEnd().split('\r\n')).toHaveLength(3)
})

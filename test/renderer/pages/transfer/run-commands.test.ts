import { describe, expect, test } from 'vitest'
import { runPlaces, runSteps } from '../../../../renderer/pages/transfer/run-commands.ts'

const references = [
  { name: 'OPENAI_API_KEY', isOptional: false },
  { name: 'REGION', isOptional: true },
]

describe('runSteps', () => {
  test.each([
    ['shell', "export OPENAI_API_KEY='your key'"],
    ['powershell', "$env:OPENAI_API_KEY = 'your key'"],
  ] as const)('%s: sets what is needed, checks, starts', (place, variable) => {
    expect(runSteps(place, { references, port: 8080 }).map(({ command }) => command)).toEqual([
      variable,
      'llm-gateway --config gateway.yaml --check',
      'llm-gateway --no-ui --config gateway.yaml',
    ])
  })

  test('docker: publishes the port on this machine alone and hands the variables in', () => {
    const command = runSteps('docker', { references, port: 9090 }).at(-1)?.command
    expect(command).toContain('-p 127.0.0.1:9090:9090')
    expect(command).toContain('-e OPENAI_API_KEY')
    expect(command).not.toContain('REGION')
  })

  test.each(runPlaces)('%s: without references nothing has to be set', (place) => {
    expect(runSteps(place, { references: [], port: 8080 }).map(({ title }) => title)).not.toContain('Set the keys')
  })
})

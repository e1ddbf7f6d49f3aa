import type { Reference } from './references.ts'

export const runPlaces = ['shell', 'powershell', 'docker'] as const
export type RunPlace = (typeof runPlaces)[number]

export interface RunOptions {
  references: readonly Reference[]
  /** Of the gateway. */
  port: number
}

export interface RunStep {
  title: string
  command: string
}

/** What to type where the exported file is to run, without a window. */
export function runSteps(place: RunPlace, { references, port }: RunOptions): RunStep[] {
  const variables = references.filter(({ isOptional }) => !isOptional).map(({ name }) => name)
  if (place === 'docker') return dockerSteps(variables, port)
  const set: RunStep[] =
    variables.length === 0
      ? []
      : [{ title: 'Set the keys', command: variables.map((name) => setVariable(place, name)).join('\n') }]
  return [
    ...set,
    { title: 'Check the file', command: 'llm-gateway --config gateway.yaml --check' },
    { title: 'Start it', command: 'llm-gateway --no-ui --config gateway.yaml' },
  ]
}

function setVariable(place: 'shell' | 'powershell', name: string): string {
  return place === 'shell' ? `export ${name}='your key'` : `$env:${name} = 'your key'`
}

/** The image listens on every address of its container; published on loopback it stays on its machine. */
function dockerSteps(variables: readonly string[], port: number): RunStep[] {
  const lines = [
    `docker run -p 127.0.0.1:${port}:${port}`,
    '-v "$PWD:/app:ro"',
    '-v llm-gateway-data:/data',
    ...variables.map((name) => `-e ${name}`),
    'llm-gateway',
  ]
  return [
    ...(variables.length === 0
      ? []
      : [{ title: 'Set the keys', command: variables.map((name) => setVariable('shell', name)).join('\n') }]),
    { title: 'Start it in the folder of the file', command: lines.join(' \\\n  ') },
  ]
}

import type { GuardOverview, GuardRule } from '../../gateway/contract.ts'
import type { FixtureAnswers, FixtureMood } from './fixture-client.ts'

const guards: GuardRule[] = [
  {
    name: 'keep-secrets',
    check: 'secrets',
    action: 'redact',
    on: ['request', 'response'],
    aliases: null,
    detectors: null,
    allow: [],
  },
  {
    name: 'no-cards',
    check: 'pii',
    action: 'block',
    on: ['request'],
    aliases: ['support-*', 'smart'],
    detectors: ['credit-card', 'iban'],
    allow: [],
  },
  {
    name: 'watch-injection',
    check: 'prompt-injection',
    action: 'flag',
    on: ['request'],
    aliases: null,
    detectors: null,
    allow: ['ignore the previous section'],
  },
]

const detectors: GuardOverview['detectors'] = {
  secrets: [
    detector('openai-key', 'OpenAI key', 'sk-… and sk-proj-…'),
    detector('aws-key', 'AWS access key', 'AKIA… with its secret'),
    detector('private-key', 'Private key', 'PEM blocks'),
  ],
  pii: [
    detector('email', 'E-mail address', 'name@example.com'),
    detector('credit-card', 'Credit card', 'With a right check digit'),
    detector('iban', 'IBAN', 'With a right check sum'),
    detector('ip-address', 'IP address', 'Common in logs', true),
  ],
  'prompt-injection': [detector('override', 'Override', 'Ignore all previous instructions, in four languages')],
}

function detector(
  name: string,
  label: string,
  description: string,
  isOptional = false,
): GuardOverview['detectors']['pii'][number] {
  return { name, label, description, isOptional }
}

export function fixtureGuards(mood: FixtureMood): FixtureAnswers {
  return {
    'guards.get': () => ({
      guards: mood === 'empty' ? [] : guards,
      detectors,
      counts:
        mood === 'empty'
          ? []
          : guards.map(({ name }, index) => ({ guard: name, today: 4 - 2 * index, week: 31 - 15 * index })),
      countsAreCut: false,
    }),
    'guards.save': () => ({ undo: 'undo-1' }),
    'guards.try': ({ text }) => {
      const start = text.indexOf('jane@example.com')
      const found = { guard: 'keep-mail', check: 'pii', action: 'redact', detector: 'email' } as const
      return {
        findings: start === -1 ? [] : [{ ...found, start, end: start + 16 }],
        redacted: text.replace('jane@example.com', '[redacted:email]'),
        blockedBy: [],
      }
    },
  }
}

import { describe, expect, test } from 'vitest'
import { checks } from '../../../gateway/guards/detector.ts'
import { detectors } from '../../../gateway/guards/detectors.ts'
import { findAll, findWith } from '../../../gateway/guards/find.ts'
import { createGuard, redact, screen } from '../../../gateway/guards/guard.ts'
import { fakeSecrets } from './fake-secrets.ts'

const all = checks.flatMap((check) => detectors[check])

test('names are unique, and each can be written into a header', () => {
  const names = all.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.filter((name) => !/^[a-z][a-z-]+$/.test(name))).toEqual([])
  expect(all.filter(({ pattern }) => !pattern.global)).toEqual([])
})

describe('on a hostile text', () => {
  const repeated = [
    ...[
      'a',
      '1',
      '1 ',
      '+1234 ',
      '.eyJ',
      'eyJaaaaaaaaaa.',
      '-----BEGIN PRIVATE KEY-----\n',
      '-----BEGIN PRIVATE KEY-----a-a-',
    ],
    ...[
      'ignore all ',
      'ignore all all all all all all ',
      'password:',
      'password         ',
      'redis://a:',
      'a@',
      'a.',
      'a@b.b.b.b.b.b.b.b.',
    ],
    ...[
      'DE12 ',
      'send the conversation ',
      'pretend you have no any ',
      `'"*_, `,
      'AKIA',
      'QUJD',
      '((',
      '1.',
      'a:',
      'oubliez toutes les ',
    ],
    ...[
      'sk-aaaa',
      'xoxb-',
      '\u{E0041}',
      'secret access key = ',
      '(212) ',
      '-----BEGIN ',
      '://:',
      'password is ',
      'tell the user ',
      '<system>',
    ],
    ...[
      '<|im_start|>',
      'abcdefghijklmnopqrstuvwx ',
      'aWdub3JlIGFsbCB0aGUgaGVsbG8gd29ybGQ ',
      'w6nDqcOpw6nDqcOpw6nDqcOpw6nD ',
    ],
    ...['password\\"\\"\\" ', 'password:\\"\\"\\"', '\\nsk-a', '\\neyJ'],
  ]

  /** The fastest of some runs: this machine has other things to do. */
  function leastMs(work: () => void): number {
    return Math.min(
      ...Array.from({ length: 5 }, () => {
        const started = performance.now()
        work()
        return performance.now() - started
      }),
    )
  }

  test.each(all.map((detector) => [detector.name, detector] as const))(
    '%s takes time in proportion',
    (_name, detector) => {
      for (const piece of repeated) {
        const text = piece.repeat(Math.ceil(200_000 / piece.length))
        // About 5 ms on an idle machine; what is not linear takes seconds.
        expect(
          leastMs(() => findWith(detector, text, () => false)),
          JSON.stringify(piece),
        ).toBeLessThan(40)
      }
    },
  )
})

describe('what was found', () => {
  test.each(Object.entries(fakeSecrets))('%s', (name, text) => {
    const found = findAll(all, `see (${text}), please`)
    expect(found.map(({ detector, start, end }) => [detector.name, `see (${text}), please`.slice(start, end)])).toEqual(
      [[name, text]],
    )
  })

  test('is the value alone, where a name tells it', () => {
    const text = 'password = "Tr0ub4dor&3xyz" and postgres://bob:s3cr3tpw@db/x'
    expect(findAll(detectors.secrets, text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'Tr0ub4dor&3xyz',
      's3cr3tpw',
    ])
  })

  test.each([
    ['4111 1111 1111 1112', 'its check digit is wrong'],
    ['4111-1111 1111-1111', 'nobody groups it so'],
    ['DE89 3704 0044 0532 0130 01', 'its check digits are wrong'],
    ['DE89 3704 0044 0532 0130', 'it is too short'],
    ['000-12-3456', 'no such area'],
    ['666-12-3456', 'no such area'],
    ['+999 1234567890', 'no such country'],
    ['(911) 555-0123', 'that is a service'],
  ])('%s is nothing: %s', (text) => {
    expect(findAll(detectors.pii, text)).toEqual([])
  })

  test('is let be where it is allowed', () => {
    const guard = createGuard({
      name: 'g',
      check: 'pii',
      action: 'redact',
      on: ['request'],
      allow: ['Info@Example.com'],
    })
    const text = 'info@example.com, jane@example.com'
    expect(redact(text, screen(text, [guard]))).toBe('info@example.com, [redacted:email]')
  })

  test('is looked for only by the detectors that are named; an optional one needs to be', () => {
    const rule = { name: 'g', check: 'pii', action: 'log', on: ['request'] } as const
    const text = 'jane@example.com at 203.0.113.7'
    const names = (more: object): string[] =>
      screen(text, [createGuard({ ...rule, ...more })]).map((m) => m.detector.name)
    expect(names({})).toEqual(['email'])
    expect(names({ detectors: ['ip-address'] })).toEqual(['ip-address'])
  })

  test('of two guards at one place is taken out once', () => {
    const rules = ['a', 'b'].map((name) => createGuard({ name, check: 'pii', action: 'redact', on: ['request'] }))
    const text = 'x jane@example.com y'
    expect(redact(text, screen(text, rules))).toBe('x [redacted:email] y')
  })
})

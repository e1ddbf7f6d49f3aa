/** Of the right form and nobody's; put together here, so that no scanner of repositories takes them for real. */

const letters = 'Zx9Qw3Er7Ty1Ui5Op2As8Df4Gh6Jk0Lm'

export function fake(length: number): string {
  return letters.repeat(Math.ceil(length / letters.length)).slice(0, length)
}

const part = (text: object): string => Buffer.from(JSON.stringify(text)).toString('base64url')
const pem = ['-----BEGIN RSA PRIVATE ', 'KEY-----'].join('')

/** By the detector that is to find it. */
export const fakeSecrets = {
  'anthropic-key': ['sk', 'ant', 'api03', fake(40)].join('-'),
  'openai-key': ['sk', 'proj', fake(48)].join('-'),
  'google-key': ['AI', 'za', fake(35)].join(''),
  'provider-key': ['gsk', fake(40)].join('_'),
  'aws-access-key': ['AK', 'IAFAKEFAKE1234FAKE'].join(''),
  'github-token': ['ghp', fake(36)].join('_'),
  'slack-token': ['xoxb', '1234567890', fake(24)].join('-'),
  'service-key': ['sk', 'live', fake(24)].join('_'),
  jwt: `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'nobody', name: 'Fake' })}.${fake(43)}`,
  'private-key': `${pem}\n${fake(64)}\n${fake(64)}\n${fake(20)}==\n${pem.replace('BEGIN', 'END')}`,
  email: 'jane.doe+news@example.co.uk',
  'credit-card': '4111 1111 1111 1111',
  iban: 'DE89 3704 0044 0532 0130 00',
  phone: '+1 (212) 555-0143',
  'us-ssn': '219-09-9999',
}

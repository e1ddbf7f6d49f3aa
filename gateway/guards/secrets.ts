import { pendingAt, wordCharacters, type Detector } from './detector.ts'
import { entropy } from './validate.ts'

/** A key has letters and digits in one long run; `sk-fading-circle-animation` and its like have words. */
function isRandom(found: string): number {
  const runs = found.split(/[-_.]/).filter((run) => run.length >= 16 && /\d/.test(run) && /[A-Za-z]/.test(run))
  return runs.some((run) => entropy(run) >= 3) ? found.length : 0
}

/** Words that stand where a secret would. */
const placeholder =
  /^(?:(?:my|your|the|some|a|db|new|old|test|user)?[-_ ]?(?:password|passwd|pass|secret|pwd|token|api[-_]?key|key|value)[-_]?(?:here|goes[-_]here)?|x+|\*+|\.+|-+|changeme|change[-_]me|replace[-_]?me|example|placeholder|redacted|null|none|undefined|true|false|string)$/i

function connectionPassword(found: string, match: string): number {
  // `postgres:postgres@`, `guest:guest@`: what an image of a database begins with.
  if (placeholder.test(found) || match.includes(`//${found}:`) || /^[$%]/.test(found)) return 0
  return found.length
}

/** Code and prose have much behind `password:` that is no password: names, calls, types, lengths, sentences. */
function assignedSecret(found: string): number {
  const value = found.replace(/[.!?:]+$/, '')
  if (value.length < 8 || placeholder.test(value) || /^[$%@&!]|^https?:|^\[redacted/.test(value)) return 0
  if (
    /^(?:process|os|env|config|self|this|req|request|args|options|props|settings|ctx|data|params|user)\b[.?]/.test(
      value,
    )
  )
    return 0
  // A name or a path of names, whatever its case.
  if (/^[A-Za-z_$]+(?:[.:/-][A-Za-z_$]+)*$/.test(value) && !/[a-z][A-Z][a-z]+[A-Z]{2}/.test(value)) return 0
  if (/^[A-Za-z_]+\d{0,2}$/.test(value) && value.length < 12 && entropy(value) < 2.7) return 0
  // Dates, numbers, versions.
  if (!/[A-Za-z]/.test(value) && !/[^\d.:/TZ+-]/.test(value)) return 0
  return /\d|[^A-Za-z0-9]/.test(value) && entropy(value) >= 2.5 ? value.length : 0
}

/** From a first line on to its last line, as long as what follows it may be a key. */
function openKey(text: string): number {
  const start = text.lastIndexOf('-----BEGIN ')
  if (start === -1) return partial(text)
  const rest = text.slice(start)
  if (/-----END [A-Z0-9 ]{0,60}-----/.test(rest)) return partial(text)
  const isOpen = /^-----BEGIN [A-Z0-9 ]{0,60}-{0,5}$/.test(rest) || rest.includes('PRIVATE KEY')
  if (!isOpen || (rest.length > 200 && !/[A-Za-z0-9+/=]{32}/.test(rest.slice(20)))) return partial(text)
  return start
}

const partial = pendingAt(/-{1,5}(?:B|BE|BEG|BEGI|BEGIN)?$/, 16)

const secretNames = [
  'pass(?:word|wd|phrase)',
  'passwort',
  'kennwort',
  'contrase\u00f1a',
  'mot de passe',
  'pwd',
  'secret(?:[_-]?key)?',
  '(?:api|access|auth|account|encryption|signing|private|master)[_-]?key',
  '(?:access|auth|refresh|bearer|session|id|api|bot)[_-]?token',
  'token',
].join('|')

/** In all of these `(?<!(?<!\\)[\w-])` begins a word, also behind a `\n` that is written out, as in logs and in JSON inside JSON. */
export const secretDetectors: readonly Detector[] = [
  {
    name: 'anthropic-key',
    label: 'Anthropic key',
    description: 'Begins with sk-ant-.',
    pattern: /(?<!(?<!\\)[\w-])sk-ant-[\w-]{20,220}/g,
    hints: ['sk-ant-'],
  },
  {
    name: 'openai-key',
    label: 'OpenAI-style key',
    description: 'Begins with sk-: OpenAI, OpenRouter, DeepSeek and others.',
    pattern: /(?<!(?<!\\)[\w-])sk-(?!ant-)[\w-]{20,300}/g,
    hints: ['sk-'],
    accept: isRandom,
  },
  {
    name: 'google-key',
    label: 'Google API key',
    description: 'AIza and 35 characters.',
    pattern: /(?<!(?<!\\)[\w-])AIza[\w-]{35}(?![\w-])/g,
    hints: ['AIza'],
  },
  {
    name: 'provider-key',
    label: 'Key of another AI provider',
    description: 'Groq, Hugging Face, xAI, Perplexity, Replicate, NVIDIA, Cerebras, Fireworks, Together.',
    pattern: /(?<!(?<!\\)[\w-])(?:(?:gsk|hf|r8|fw|tgp_v1)_[A-Za-z0-9]{20,200}|(?:xai|pplx|nvapi|csk)-[\w-]{20,200})/g,
    hints: ['gsk_', 'hf_', 'r8_', 'fw_', 'tgp_v1_', 'xai-', 'pplx-', 'nvapi-', 'csk-'],
    accept: (found) => (/\d/.test(found.slice(4)) && entropy(found) >= 3 ? found.length : 0),
  },
  {
    name: 'aws-access-key',
    label: 'AWS access key id',
    description: 'AKIA or ASIA and 16 capitals and digits.',
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
    hints: ['AKIA', 'ASIA'],
    // The one of AWS's own documentation ends so.
    accept: (found) => (found.endsWith('EXAMPLE') ? 0 : found.length),
  },
  {
    name: 'aws-secret-key',
    label: 'AWS secret access key',
    description: '40 characters behind the name secret access key.',
    pattern: /secret[_ -]?access[_ -]?key["']?\s{0,4}[:=]\s{0,4}["']?(?<found>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    accept: (found) => (found.endsWith('EXAMPLEKEY') ? 0 : found.length),
  },
  {
    name: 'github-token',
    label: 'GitHub or GitLab token',
    description: 'ghp_, gho_, ghs_, ghu_, ghr_, github_pat_ or glpat-.',
    pattern: /(?<!(?<!\\)[\w-])(?:gh[opsur]_[A-Za-z0-9]{36,255}|github_pat_\w{50,255}|glpat-[\w-]{20,64})/g,
    hints: ['gho_', 'ghp_', 'ghs_', 'ghu_', 'ghr_', 'github_pat_', 'glpat-'],
  },
  {
    name: 'slack-token',
    label: 'Slack token',
    description: 'xoxb-, xoxp- and its kin, and addresses of incoming webhooks.',
    pattern:
      /(?<!(?<!\\)[\w-])xox[abeoprs]-[A-Za-z0-9-]{20,250}|hooks\.slack\.com\/services\/T\w{6,20}\/B\w{6,20}\/\w{16,40}/g,
    hints: ['xox', 'hooks.slack.com'],
    accept: (found) => (/\d/.test(found) ? found.length : 0),
  },
  {
    name: 'service-key',
    label: 'Key of another service',
    description: 'Stripe, SendGrid, npm, PyPI, DigitalOcean, and this gateway.',
    pattern:
      /(?<!(?<!\\)[\w-])(?:[sr]k_live_[A-Za-z0-9]{20,120}|whsec_[A-Za-z0-9]{24,120}|SG\.[\w-]{22}\.[\w-]{43}|npm_[A-Za-z0-9]{36}|pypi-[\w-]{50,250}|dop_v1_[a-f0-9]{64}|gw-(?:[0-9a-f]{12}-[\w-]{43}|[\w-]{32}))(?![\w-])/g,
    hints: ['k_live_', 'whsec_', 'SG.', 'npm_', 'pypi-', 'dop_v1_', 'gw-'],
    accept: (found) => (/\d/.test(found) ? found.length : 0),
  },
  {
    name: 'jwt',
    label: 'JSON Web Token',
    description: 'A signed token of three parts.',
    pattern: /(?<!(?<!\\)[\w-])eyJ[\w-]{8,1500}\.eyJ[\w-]{8,4000}\.[\w-]{16,1500}/g,
    hints: ['eyJ'],
  },
  {
    name: 'private-key',
    label: 'Private key',
    description: 'A PEM or PGP block.',
    // No `--` inside: a text of nothing but first lines would be read to its end from each of them.
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!-)){40,7900}(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
    hints: ['PRIVATE KEY'],
    accept: (found) => (/[A-Za-z0-9+/=]{32}/.test(found.slice(20)) ? found.length : 0),
    pending: openKey,
  },
  {
    name: 'connection-string',
    label: 'Password in an address',
    description: 'postgres://user:password@host and its like.',
    pattern:
      /(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|clickhouse|s?ftp|ssh|smtps?|https?):\/\/[\w.%+~-]{0,64}:(?<found>[\w.%+~!$^&*=?#:-]{3,128})(?=@)/g,
    hints: ['://'],
    accept: connectionPassword,
  },
  {
    name: 'assigned-secret',
    label: 'Assigned password or key',
    description: 'password=..., api_key: ... and its like, where the value looks random enough.',
    pattern: new RegExp(
      String.raw`(?:${secretNames})[\\"'\x60*]{0,6}\s{0,4}(?::=|=>|[:=]|\s(?:is|ist|lautet|es|est|=|:)\s)["'\x60*]{0,3}\s{0,4}[\\"'\x60*]{0,6}(?<found>[${wordCharacters}]{8,200})`,
      'gi',
    ),
    accept: assignedSecret,
  },
]

/** A member's name by which its value is a secret, wherever it stands. */
export const secretName = new RegExp(`(?:${secretNames})$`, 'i')

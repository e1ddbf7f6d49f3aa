/** Takes secrets out of text that others will read. */
export type Scrubber = (text: string) => string

export const redacted = '[redacted]'

/** A shorter "secret" (`demo`, `test`) would take ordinary words out of every line. */
const shortestSecret = 6

/** Where a word begins; also behind a `\n` that is written out, as in JSON inside JSON, where `\b` sees one word. */
const start = String.raw`(?<!(?<!\\)\w)`

/** Keys in the forms vendors give them, wherever they stand. */
const tokenPattern = new RegExp(
  // Its first letter is looked at first: what is before it takes longer.
  `(?=[Acefghnprtsx])${start}(?:${[
    String.raw`(?:sk|csk|pplx|xai|nvapi)-[\w-]{8,}`, // OpenAI, Anthropic, OpenRouter, DeepSeek; Cerebras, Perplexity, xAI, NVIDIA
    String.raw`(?:gsk|hf|fw|r8|tgp|gh[opsu]|github_pat)_\w{16,}`, // Groq, Hugging Face, Fireworks, Replicate, Together, GitHub
    String.raw`AIza[\w-]{20,}`, // Google
    String.raw`gw-(?:[0-9a-f]{12}-[\w-]{43}|[\w-]{32})(?![\w-])`, // our own
    String.raw`(?:AKIA|ASIA)[A-Z0-9]{16}\b`, // AWS
    // JWT. Only where a word begins: in `eyJ-eyJ-eyJ-...` each place would be looked at to the end, which took a minute.
    String.raw`(?<!-)eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`,
  ].join('|')})`,
  'g',
)

/** The scheme stays, so that one sees what was sent. */
const schemePattern = new RegExp(String.raw`(?=b)${start}(Bearer|Basic)(\s+)[\w.~+/=-]{8,}`, 'gi')

/** Headers and members that carry a secret whatever it looks like, in lower case. */
const names = [
  '(?:x-)?api[-_]?key',
  'x-goog-api-key',
  '(?:client|access)[-_]?(?:secret|token)',
  'x-amz-security-token',
  'password',
].join('|')

const longNames = '(?:proxy-)?authorization|(?:set-)?cookie'

/** `"name":"value"` and `["name","value"]`; and the same inside a JSON string, where every quote is escaped. */
const memberPattern = new RegExp(String.raw`"((?:${names}|${longNames})"\s*[:,]\s*)"(?:[^"\\]|\\.)+"`, 'gi')
const escapedMemberPattern = new RegExp(String.raw`\\"((?:${names}|${longNames})\\"\s*[:,]\s*)\\"[^"\\]+\\"`, 'gi')

/** `name: value`, `name=value`. */
const headerPattern = new RegExp(String.raw`${start}((?:${names})\s*[:=](?!\s*\[redacted\])\s*)[^\s"'\\,;&}\]]+`, 'gi')

/** Values with spaces: all the rest of the line, unless it was a known scheme and has been dealt with. */
const longHeaderPattern = new RegExp(
  String.raw`${start}((?:${longNames})\s*[:=](?!\s*(?:(?:Bearer|Basic)\s+)?\[redacted\])\s*)[^"'\\\r\n]+`,
  'gi',
)

/** Google takes its key in the address: `?key=`. */
const queryPattern = /([?&](?:key|token|sig|signature)=)[^\s"'\\&#]+/gi

/**
 * `secrets` gives what is configured now and is asked for every text: it should be cheap, and give the same array
 * while nothing has changed.
 */
export function createScrubber(secrets: () => readonly string[]): Scrubber {
  let source: readonly string[] | undefined
  let literals: string[] = []

  return (text) => {
    const current = secrets()
    if (current !== source) {
      source = current
      literals = literalsOf(current)
    }
    let clean = text
    for (const literal of literals) {
      if (clean.includes(literal)) clean = clean.replaceAll(literal, redacted)
    }
    return scrubPatterns(clean)
  }
}

/** Each secret as it is, as JSON text and as part of an address; longest first, so that no tail of one is left. */
function literalsOf(secrets: readonly string[]): string[] {
  const long = secrets.filter((secret) => secret.length >= shortestSecret)
  const forms = long.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
  return [...new Set(forms)].sort((left, right) => right.length - left.length)
}

/** One cheap look decides whether the three patterns that know names have anything to do. */
const nameHint = /api[-_]?key|authorization|cookie|secret|access[-_]?token|security-token|password/i

function scrubPatterns(text: string): string {
  const clean = text
    .replace(tokenPattern, redacted)
    .replace(schemePattern, `$1$2${redacted}`)
    .replace(queryPattern, `$1${redacted}`)
  return nameHint.test(clean) ? scrubNamed(clean) : clean
}

function scrubNamed(text: string): string {
  return text
    .replace(memberPattern, `"$1"${redacted}"`)
    .replace(escapedMemberPattern, String.raw`\"$1\"${redacted}\"`)
    .replace(headerPattern, `$1${redacted}`)
    .replace(longHeaderPattern, `$1${redacted}`)
}

import type { Detector } from './detector.ts'

/** Where the words of a phrase meet: blanks, line ends, marks of quoting or emphasis. */
const gap = String.raw`[\s"'*_,]{1,6}`

function phrase(...alternatives: string[]): RegExp {
  const all = alternatives.map((text) => text.replaceAll(' ', gap)).join('|')
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${all})(?![\p{L}\p{N}_])`, 'giu')
}

const ignoring = String.raw`(?:(?:please|now|just|kindly) )?(?:ignore|disregard|forget|override|overrule|bypass|discard|(?:do not|don't|never|(?:must|should) not|need not) (?:follow|obey|listen to)|stop (?:following|obeying))(?: (?:about|completely|immediately))?`
const whose = String.raw`(?: (?:all|any|every|each|everything|of|the|your|these|those|in|previous|previously|prior|above|earlier|preceding|foregoing|initial|original|existing|current|given|other|system|safety|content|developer|built-in)){1,6}`
const orders = String.raw`(?:instructions?|prompts?|rules|directions|directives?|guidelines|guardrails|orders|commands|programming|training|restrictions|constraints|policies|safeguards)`

const german = String.raw`(?:ignorier(?:e|en Sie|t)?|vergiss|vergessen Sie|missachten?(?: Sie)?|übergehe(?:n Sie)?)(?: (?:bitte|ab jetzt|jetzt|sofort))?(?: (?:alle|alles|allen|sämtliche|die|deine|Ihre|eure|bisherigen?|vorherigen?|vorigen?|obigen?|früheren|vorangegangenen|vorangehenden|ursprünglichen|internen)){1,5} (?:Anweisungen|Instruktionen|Regeln|Vorgaben|Befehle|Anordnungen|Richtlinien|System-?prompts?|Prompts?)`
const french = String.raw`(?:ignore[rz]?|oublie[rz]?|(?:ne tiens|ne tenez) (?:pas|plus) compte (?:de|des))(?: (?:toutes?|tous|les|vos|tes|ces|des|l'ensemble))* (?:instructions|consignes|règles|directives|ordres) (?:précédentes?|précédents|antérieure?s|ci-dessus|initiales|données|du système|système|reçues)`
const spanish = String.raw`(?:ignor[ae]n?|olvid[ae]n?|descart[ae]|no sigas|haz caso omiso de)(?: (?:todas?|todos?|las|los|tus|sus|estas|anteriores|previas)){1,4} (?:instrucciones|reglas|órdenes|indicaciones|directrices)(?: (?:anteriores|previas|iniciales|del sistema))?`

const patterns = {
  ignore: phrase(
    `${ignoring}${whose} ${orders}`,
    `${ignoring} (?:everything|all|anything) (?:that )?(?:you (?:have been|were|'ve been)|(?:i|we) (?:have )?) ?(?:told|said|instructed)[^.\\n]{0,40}(?:before|above|earlier|so far)`,
  ),
  reveal: phrase(
    String.raw`(?:reveal|show|print|repeat|output|display|leak|tell|give|disclose|dump|recite|write out)(?: (?:me|us|back|verbatim|out))?(?: (?:your|the|all|of))+(?: (?:full|entire|exact|complete|hidden|initial|original|secret|own|confidential|internal|above)){0,3} (?:system (?:prompt|message|instructions?)|initial (?:prompt|instructions)|(?:hidden|secret|confidential|internal) (?:prompt|instructions|rules)|developer (?:message|prompt))`,
    String.raw`what (?:is|are|was|were|does) your (?:full |exact |initial |original |hidden |secret )?(?:system prompt|system message|initial prompt|initial instructions|hidden instructions|secret instructions)`,
  ),
  role: phrase(
    String.raw`you are (?:now|no longer|going to be) (?:in |an? |the )?(?:DAN|developer mode|jailbroken|unrestricted|unfiltered|uncensored|evil|bound by|restricted by)`,
    String.raw`(?:act|behave|respond|answer|roleplay|pretend to be)(?: as)?(?: (?:if you were|an?|the))? (?:DAN|unrestricted|unfiltered|uncensored|jailbroken|amoral|evil) ?(?:AI|assistant|model|chatbot|bot|version)?`,
    String.raw`(?:pretend|imagine|act as if|assume)(?: that)? you (?:have no|are not bound by|don't have any|do not have any|aren't bound by)(?: (?:any|the|your|content|ethical|safety|moral)){0,3} (?:restrictions|rules|guidelines|limits|limitations|filters|policies|guardrails)`,
    'do anything now',
    String.raw`(?:enable|enter|activate|switch to) (?:developer|jailbreak|god|DAN|debug|admin|sudo) mode(?: (?:and|now|to)) (?:ignore|bypass|answer|reveal|disable|output)`,
  ),
  hide: phrase(
    String.raw`(?:do not|don't|never|without) (?:tell|telling|inform|informing|mention|mentioning|reveal|revealing|alert|alerting|notify|notifying)(?: (?:this|it|that|any of this|about))?(?: to)? the (?:user|human|operator)`,
  ),
  exfiltrate: phrase(
    String.raw`(?:send|post|forward|exfiltrate|upload|e-?mail|transmit|leak|submit)(?: (?:me|us|all|any|the|this|their|your|user's|users|full|entire|whole|of|every|contents?)){0,5} (?:conversation|chat history|chat log|system prompt|api keys?|credentials|passwords?|secrets|environment variables|private keys?|session tokens?|cookies)[^.\n]{0,60} to [^.\n]{0,30}(?:https?:|(?:www\.|[\w.+-]{1,64}@)\w{1,64})`,
  ),
  other: phrase(german, french, spanish),
}

/** What other models' templates put around the system's words: in what a user or a tool says they are out of place. */
const fakeTurn =
  /<\|(?:im_start|start_header_id|system)\|>\s{0,3}(?:system|developer)?|<<SYS>>|\[\/?SYSTEM(?: (?:MESSAGE|PROMPT|OVERRIDE|NOTE))?\]|<\/?(?:system|system_prompt|system-prompt)>\s{0,3}(?:new|you|ignore|override|important|the user)|(?:BEGIN|END) (?:NEW )?SYSTEM (?:PROMPT|MESSAGE|OVERRIDE)/gi

/** Flags of England, Scotland and Wales are a black flag and such characters. */
const hidden = /(?<!\u{1F3F4}|[\u{E0020}-\u{E007F}])[\u{E0020}-\u{E007F}]{3,200}/gu

const spoken = [patterns.ignore, patterns.reveal, patterns.role, patterns.hide, patterns.other]

const alphabet64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const digits64 = new Uint8Array(128)
for (let value = 0; value < 64; value += 1) digits64[alphabet64.charCodeAt(value)] = value

/** 1 for what letters and blanks are made of, in UTF-8. */
const lettersOf = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 || /[A-Za-z\s.,]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** Whether the first 18 bytes could be UTF-8 without control characters: of all that is no base64 hardly any is. */
function beginsAsText(found: string): boolean {
  let following = 0
  let bits = 0
  for (let index = 0; index < 24; index += 1) {
    bits = ((bits << 6) | (digits64[found.charCodeAt(index)] ?? 0)) & 0xffff
    if (index % 4 === 0) continue
    // Of four digits the second, third and fourth end a byte.
    const byte = (bits >> (2 * (3 - (index % 4)))) & 0xff
    const isControl = byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09
    const isFollowing = byte >= 0x80 && byte < 0xc0
    if (isControl || byte >= 0xf8 || isFollowing !== following > 0) return false
    following = isFollowing ? following - 1 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0
  }
  return true
}

/** Base64 of a text that one of the other patterns is in. */
function encodedLength(found: string): number {
  if (!beginsAsText(found)) return 0
  const bytes = Buffer.from(found, 'base64')
  // Pictures and keys are no text: four in five characters would be letters and blanks.
  let letters = 0
  for (const byte of bytes) letters += lettersOf[byte] as number
  if (letters < bytes.length * 0.8) return 0
  const text = bytes.toString('utf8')
  return spoken.some((pattern) => text.search(pattern) !== -1) ? found.length : 0
}

export const injectionDetectors: readonly Detector[] = [
  {
    name: 'ignore-instructions',
    label: 'Ignore your instructions',
    description: '"Ignore all previous instructions" and its like, in English.',
    pattern: patterns.ignore,
  },
  {
    name: 'other-languages',
    label: 'The same in other languages',
    description: 'In German, French and Spanish.',
    pattern: patterns.other,
  },
  {
    name: 'reveal-prompt',
    label: 'Reveal your prompt',
    description: 'Asks for the system prompt.',
    pattern: patterns.reveal,
  },
  {
    name: 'role-change',
    label: 'Be somebody without rules',
    description: '"You are now DAN", "pretend you have no restrictions".',
    pattern: patterns.role,
  },
  {
    name: 'hide-from-user',
    label: 'Do not tell the user',
    description: 'What a web page or a file has no reason to say.',
    pattern: patterns.hide,
  },
  {
    name: 'exfiltrate',
    label: 'Send it somewhere',
    description: 'Asks for the conversation or credentials to be sent to an address.',
    pattern: patterns.exfiltrate,
  },
  {
    name: 'fake-turn',
    label: 'Forged system message',
    description: 'Marks by which chat templates tell the system from the user.',
    pattern: fakeTurn,
    hints: ['<', '[', 'SYSTEM', 'system', 'System'],
  },
  {
    name: 'hidden-characters',
    label: 'Hidden characters',
    description: 'Unicode tags: text that models read and people do not see.',
    pattern: hidden,
    hints: ['\uDB40'],
  },
  {
    name: 'encoded',
    label: 'Encoded in base64',
    description: 'One of the sentences above in base64.',
    pattern: /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{24,2000}={0,2}(?![A-Za-z0-9+/=_-])/g,
    accept: encodedLength,
  },
]

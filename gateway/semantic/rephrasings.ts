/**
 * Ways to say the same in English, each brought to one form. They are tried in this order, on text in small letters
 * without a sign at its end. Only what cannot change the answer stands here; none of them drops or swaps a word that
 * carries meaning.
 */
type Rephrasing = readonly [pattern: RegExp, replacement: string]

/** `Can you` before another verb may ask whether it can be done. */
const asked = 'tell me|explain|describe|give me|show me|help me'
/** After `please` nothing else is meant. */
const verbs = 'tell|explain|describe|list|give|show|help|suggest|recommend|name|provide|define|compare|outline'
/** Also to tell the place of: what one does in them is not done to them. */
const tools =
  'python|javascript|js|typescript|java|c|c\\+\\+|c#|ruby|php|sql|mysql|postgresql|postgres|bash|git|linux|ubuntu|css|html|kotlin|docker|react'
/** What belongs to something, and is never done by it nor to it: Russia's fear may be either. */
const belongings =
  'capital|population|currency|flag|president|mayor|anthem|climate|area|length|height|age|weight|birthday|name'
/** Of which `which` asks for the same as `what`. Which dog is it, what dog is it: the one asks for its breed. */
const kinds =
  'country|countries|city|cities|year|month|day|continent|continents|planet|planets|ocean|language|languages|time zone|state|states'

const number =
  '(?:\\d|\\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\\w+teen|\\w+ty|hundred|thousand|million)\\b)'

const contractions: readonly Rephrasing[] = [
  [/\b(can)'?t\b|\bcannot\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/\bshan't\b/g, 'shall not'],
  [/\b(do|does|did|is|are|was|were|has|have|had|could|should|would|must|need)n'?t\b/g, '$1 not'],
  // Who's lost is who has lost, or who is.
  [
    /\b(what|who|where|when|why|how|that|there|it|he|she|here)'s\b(?! (?:\w+(?:ed|en|wn)|left|lost|gone|won|got|met|hit|cut|shot|put|read|made|paid|sold|told|found|held|led|hurt|come|run|become)\b)/g,
    '$1 is',
  ],
  [/\b(what|who|where|how)s\b/g, '$1 is'],
  [/\b(what|who|where|why|how|they|we|you)'re\b/g, '$1 are'],
  [/\bi'm\b/g, 'i am'],
  [/\b(i|we|you|they)'ve\b/g, '$1 have'],
  [/\b(i|we|you|they|he|she|it)'ll\b/g, '$1 will'],
  [/\bi'd (?=like|love)/g, 'i would '],
  [/\bu\.s\.(?:a\.)?|\busa\b/g, 'united states'],
  [/\bu\.k\./g, 'uk'],
]

const sameVerbs: readonly Rephrasing[] = [
  // Without an object: to start Linux is not to begin it.
  [/\bbegin$/, 'start'],
  [/\bbegins$/, 'starts'],
  [/\bbegan$/, 'started'],
  [/\bto purchase\b/g, 'to buy'],
]

const politeness: readonly Rephrasing[] = [
  [/^(?:hi|hello|hey|good (?:morning|afternoon|evening))(?: there| everyone| all)?[,!.:]+\s*/, ''],
  [/^(?:(?:a )?quick question|i have a (?:quick )?question|question)[,!.:]+\s*/, ''],
  [/[,.!?]\s*(?:thanks|thank you|thx)(?: so much| very much| a lot)?(?: in advance| for your help)?[.!]*$/, ''],
  [/[,.!?]\s+please[.!?]*$/, ''],
  // How to please, what does it take to please.
  [
    /(?<!\b(?:to|and|or|not|can|do|does|did|will|would|should|could|must|may|i|you|we|they|he|she|it|who|that|what)) please[.!?]*$/,
    '',
  ],
  [/^(?:please|kindly),?\s+/, ''],
  [new RegExp(`^(?:can|could|would|will) you (?:please|kindly) (?=(?:${verbs}) )`), ''],
  [/\b(what|who|where|when|why|how) (?:exactly|actually) (?=is|are|do|does|did|was|were\b)/g, '$1 '],
  [new RegExp(`^(?:can|could|would|will) you (?=(?:${asked}) )`), ''],
  [/^(?:can|could) you (?=(?:suggest|recommend) )/, ''],
  [/^(?:would|do) you mind telling me /, 'tell me '],
  [/^(?:would|do) you mind explaining /, 'explain '],
  [
    /^(?:i want|i would like|i would love|i need|i wish) to (?:know|find out|learn) (?=(?:what|who|where|when|why|how|which|if|whether)\b)/,
    'tell me ',
  ],
  [/^(?:i want|i would like|i need) you to (?=(?:tell me|explain|describe|list|give me|show me) )/, ''],
  [
    /^(?:i am wondering|i was wondering|i wonder|let me know|do you (?:happen to )?know|do you have any idea|any idea) (?=(?:what|who|where|when|why|how|which|if|whether)\b)/,
    'tell me ',
  ],
  // Not `describe me as a person`.
  [/^(explain|describe|define) (?:to )?me (?=(?:the|what|who|where|when|why|how|which)\b)/, '$1 '],
  [/^(explain|describe) to me (?=\w)/, '$1 '],
  [/^(show|teach) me (?=how to )/, '$1 '],
  // Of one thing only: what happened to me is not what happened, nor his attitude to me his attitude.
  [/^(explain (?!what|who|where|when|why|how|which)\S+) to me$/, '$1'],
]

const indirect: readonly Rephrasing[] = [
  [/^(?:tell me|explain|describe) (what|who|where) (?!is |are |was |were )(.+) (is|are|was|were)$/, '$1 $3 $2'],
  [/^tell me how old (.+) (is|are|was|were)$/, 'how old $2 $1'],
  [/^tell me how (tall|big|long|deep|far|heavy|high) (.+) (is|are|was|were)$/, 'how $1 $3 $2'],
  [/^(?:tell me|explain|describe) how (?!to |do |does |can |i |you |we )(.+) works?$/, 'working of $1'],
  [/^tell me what (.+) means$/, 'what does $1 mean'],
  [/^(?:tell me|explain|show) how (?:i|one) can /, 'how to '],
  [/^(?:tell me|explain|show|describe|teach) how to /, 'how to '],
  [
    /^tell me (?=(?:what|who|where|when|why|how|which) (?:is|are|was|were|do|does|did|can|could|should|would|will|to|many|much)\b)/,
    '',
  ],
]

const frames: readonly Rephrasing[] = [
  // Nothing else in front: who said in May that he will go is not who said that he will go in May.
  [new RegExp(`^(in|using) (${tools}), (how (?:do i|can i|to) .+)$`), '$3 $1 $2'],
  // Not `you`, who may be asked how they do it, and not `we`, who can do more than one person. Not `would` and `could`: how
  // would I die, how could I forget. Not what happens to one: how do I look.
  [
    /^how (?:do|can) (?:i|one) (?!(?:be|have|look|sound|feel|seem|appear|smell|taste|know|differ|forget|ever|possibly|die|rank|rate|score|compare|fare|stand|age|come|fit|behave|sleep|do)\b)(?=\S+ \S)/,
    'how to ',
  ],
  [/^how (?:do|does) (.+) work$/, 'working of $1'],
  [/^what (?:is the way|are the steps) to /, 'how to '],
  [/^what is (?:the|a) (?:process|procedure) to /, 'how to '],
  [/^(?:give|show) me /, 'give '],
  [/^give (?:a|the) list of /, 'list '],
  [/^give (?:some|a few) examples of /, 'give examples of '],
  [/^what are (?:some|a few) examples of /, 'give examples of '],
  [/^what are examples of /, 'give examples of '],
  [/^what can you tell me about /, 'tell me about '],
  [/^what is the definition of /, 'define '],
  [/^what is the meaning of (.+)$/, 'meaning of $1'],
  [/^what (?:do|does) (.+) mean$/, 'meaning of $1'],
  [/^in (?:what|which) (year|month|century|decade) /, 'what $1 '],
  [/^in (?:what|which) (\w+) (is|are|was|were|can|do|does|did) (.+)$/, 'what $1 $2 $3 in'],
  [/^(?:how many (?:people|inhabitants) live in|what is the population of|population of) (.+)$/, 'population of $1'],
  [/^how many (?:people|inhabitants) does (.+) have$/, 'population of $1'],
  [/^(?:how old is|what is the age of) (.+)$/, 'age of $1'],
  [/^(?:how tall is|what is the height of) (.+)$/, 'height of $1'],
  [/^(?:how much (?:does|do) (.+) cost|what (?:does|do) (.+) cost)$/, 'price of $1$2'],
  // Not the cost of: that of goods sold or of capital is not their price.
  [/^what is the price of (.+)$/, 'price of $1'],
  [new RegExp(`^which (?=(?:${kinds}) )`), 'what '],
  [/^what is the location of (.+)$/, 'where is $1'],
  [/^where (is|are) (.+) located$/, 'where $1 $2'],
  [/^who (?:is|was) the author of /, 'who wrote '],
  [/^who (?:is|was) the inventor of /, 'who invented '],
  [/^who (?:is|was) the founder of /, 'who founded '],
  [/^who (?:is|was) the discoverer of /, 'who discovered '],
  [/^what (?:is the cause|are the causes) of /, 'what causes '],
  [/\bkind of\b/g, 'type of'],
  [/\bkinds of\b/g, 'types of'],
  [/\bpros and cons\b/g, 'advantages and disadvantages'],
  // That between numbers may be a subtraction.
  [new RegExp(`^(?:what (?:is|are) )?(?:the )?differences? between (?!.*${number})`), 'difference between '],
  [new RegExp(`^how (?:do|does) (?!.*${number})(.+) and (.+) differ$`), 'difference between $1 and $2'],
  [new RegExp(`^how (?:is|are) (?!.*${number})(.+) different (?:from|than|to) (.+)$`), 'difference between $1 and $2'],
  [/^(.+) (?:vs\.?|versus) (.+), what is the difference$/, 'difference between $1 and $2'],
  // Only at the very end, and only where nothing stands between: `New York's mayor` is not the new mayor of York.
  [new RegExp(`\\b(is|was) (the )?([\\p{L}\\d]+)'s (${belongings})$`, 'u'), '$1 $4 of $2$3'],
]

const all = [...contractions, ...sameVerbs, ...politeness, ...indirect, ...frames]

/** `text`: in small letters. */
export function inOneForm(text: string): string {
  let form = withoutEnd(text)
  for (const [pattern, replacement] of all) form = withoutEnd(form.replace(pattern, replacement))
  return sortedOperands(form)
}

function withoutEnd(text: string): string {
  // An exclamation mark after a number is a factorial.
  return text
    .replace(/[\s.?]+$/, '')
    .replace(/(?<=[a-z]{2})[\s.?!]+$/, '')
    .trim()
}

/** Between two things there is one difference, whichever comes first. */
function sortedOperands(form: string): string {
  const found = /^difference between (\S+(?: \S+){0,2}) and (\S+(?: \S+){0,2})$/.exec(form)
  if (found === null || /[\d,]| and /.test(form.slice('difference between '.length).replace(' and ', ' '))) return form
  const operands = [found[1] ?? '', found[2] ?? ''].map((operand) => operand.replace(/^(?:a|an|the) /, ''))
  if (operands.some((operand) => / (?:in|on|for|of|with|to|from|at|by) /.test(` ${operand} `))) return form
  return `difference between ${operands.toSorted().join(' and ')}`
}

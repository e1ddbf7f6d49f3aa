import { normalForm, type NormalForm } from './normal-form.ts'
import { askingWords, negations, opposites, plainNames, questionWords } from './word-lists.ts'

/**
 * Why the answer to one question may not be given to the other, in words for people; undefined: it may.
 *
 * Similarity tells topics apart, not answers: "the capital of Australia" and "the capital of Austria" are more alike than
 * most rephrasings. So the words decide: all that is left when known rephrasings, politeness and articles are taken off
 * must be the same, in the same order. A word the guard does not know may be all the difference, and is taken so.
 */
export function guardReason(one: string, other: string): string | undefined {
  if (one === other) return undefined
  if (isAboutText(one) || isAboutText(other)) return 'it is about a text, of which every letter counts'
  const first = normalForm(one)
  const second = normalForm(other)
  if (first.isEnglish !== second.isEnglish) return 'they are in different languages'
  return literalReason(first, second) ?? wordReason(first, second) ?? writingReason(first, second)
}

/** What is to be translated, corrected or counted stands in the question itself, and is no matter of meaning. */
const aboutText =
  /\b(?:translat\w*|spell\w*|rephras\w*|rewrit\w*|reword\w*|proofread\w*|paraphras\w*|summari[sz]\w*|grammar\w*|pronounc\w*|rhym\w*|synonyms?|antonyms?|palindrome\w*|anagrams?|letters?|vowels?|consonants?|syllables?|characters?|words?|sentences?|phrases?|punctuat\w*|capitali[sz]\w*|uppercase|lowercase|typos?|conjugat\w*|plural|singular|says?|said|saying|shorten\w*|following|below|above|complete this|continue this|repeat)\b|:\s*\S+\s+\S/i

function isAboutText(text: string): boolean {
  return aboutText.test(text)
}

function literalReason({ literal: first }: NormalForm, { literal: second }: NormalForm): string | undefined {
  const isSame = first.length === second.length && first.every((piece, index) => piece === second[index])
  return isSame ? undefined : `what is quoted, a path or a name of code differs: ${told([...first, ...second])}`
}

function wordReason({ words: first, ...one }: NormalForm, { words: second, ...other }: NormalForm): string | undefined {
  if (first.join(' ') === second.join(' ')) return undefined
  const gone = without(first, second)
  const come = without(second, first)
  const differing = [...gone, ...come]
  if (differing.length === 0) return 'the same words are in another order'
  if (differing.some((word) => /\d/.test(word)))
    return `numbers differ: ${told(differing.filter((word) => /\d/.test(word)))}`
  if (differing.some((word) => negations.has(word))) return 'one of them has a negation'
  if (gone.some((word) => isOpposed(word, come))) return `opposites: ${told(differing)}`
  if (differing.some((word) => questionWords.has(word))) return `they ask for different things: ${told(differing)}`
  const names = differing.filter((word) => isName(one, word) || isName(other, word))
  return names.length > 0 ? `names differ: ${told(names)}` : `words differ: ${told(differing)}`
}

/** Of `words`, what is not in `others`, counted. */
function without(words: readonly string[], others: readonly string[]): string[] {
  const left = [...others]
  return words.filter((word) => {
    const index = left.indexOf(word)
    if (index === -1) return true
    left.splice(index, 1)
    return false
  })
}

function isOpposed(word: string, others: readonly string[]): boolean {
  return opposites.some(
    ([one, other]) => (word === one && others.includes(other)) || (word === other && others.includes(one)),
  )
}

/** The same words, written so that they may mean something else. */
function writingReason(first: NormalForm, second: NormalForm): string | undefined {
  const isAskedAnyway = first.isEnglish && askingWords.has(first.words[0] ?? '')
  if (first.isAsked !== second.isAsked && !isAskedAnyway) return 'one of them is a question, the other may be none'
  for (const [word, article] of first.articles) {
    const other = second.articles.get(word)
    if (other !== undefined && other !== article) return `"a ${word}" is not "the ${word}"`
  }
  for (const word of new Set([...first.spellings.keys(), ...second.spellings.keys()])) {
    const one = first.spellings.get(word) ?? word
    const other = second.spellings.get(word) ?? word
    if (one !== other && !isPlain(one, word) && !isPlain(other, word)) return `"${word}" may be a name in one of them`
  }
  return undefined
}

/** A name that means the same in small letters, or letters that make no word: HTTP. */
function isPlain(spelling: string, word: string): boolean {
  return plainNames.has(word) || /^[BCDFGHJKLMNPQRSTVWXYZ]{3,}$/.test(spelling)
}

function isName({ spellings }: Pick<NormalForm, 'spellings'>, word: string): boolean {
  return (spellings.get(word) ?? word) !== word
}

const toldWords = 6

function told(words: readonly string[]): string {
  return [...new Set(words)].slice(0, toldWords).join(', ')
}

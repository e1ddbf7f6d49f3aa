import { inOneForm } from './rephrasings.ts'
import {
  askingWords,
  beforeArticle,
  beginnings,
  besideMe,
  countable,
  englishWords,
  foreignWords,
  sameWord,
  withArticle,
} from './word-lists.ts'

/** What is left of a question when everything that is known not to matter is taken off. */
export interface NormalForm {
  isEnglish: boolean
  /** It ends with a question mark. */
  isAsked: boolean
  /** Quotations, paths, addresses and names of code, to the letter. */
  literal: string[]
  words: string[]
  /** Articles that were left out, by the word after them. */
  articles: Map<string, 'a' | 'the'>
  /** A word in small letters, and how it is written where that says something. */
  spellings: Map<string, string>
}

export function normalForm(text: string): NormalForm {
  const plain = text
    // Not NFKC, which makes 52 of 5².
    .normalize('NFC')
    .replaceAll(/[‘’‛ʼ]/g, "'")
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/[‐‑–—−]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const literal: string[] = []
  const marked = plain.replaceAll(literalPattern, (piece) => {
    const [kept, rest] = withoutFullStop(piece)
    literal.push(kept)
    return ` ${mark} ${rest}`
  })
  const isEnglish = readsAsEnglish(marked)
  const lower = withNames(marked).toLowerCase().replaceAll(mark.toLowerCase(), mark)
  const raw = tokens(isEnglish ? inOneForm(lower) : lower, isEnglish)
  return {
    isEnglish,
    isAsked: /\?\W*$/.test(plain),
    literal,
    ...(isEnglish
      ? withoutArticles(raw.map((word) => sameWord.get(word) ?? word))
      : { words: raw, articles: new Map() }),
    spellings: spellingsOf(marked),
  }
}

/** A private character: no text of a client can be taken for it. */
const mark = '\uE000'

/** Quoted, an address, a path, or a name with an underscore, an at or an option's hyphens. */
const literalPattern = /"[^"]*"|`[^`]*`|(?<![\p{L}\p{N}])'[^']+'(?![\p{L}\p{N}])|\S*[/\\_@$]\S*|(?<!\S)--?[a-zA-Z]\S*/gu

function withoutFullStop(piece: string): [string, string] {
  const end = /[.,;:?!]+$/.exec(piece)
  return end === null ? [piece, ''] : [piece.slice(0, end.index), end[0]]
}

function readsAsEnglish(text: string): boolean {
  const found =
    text
      .toLowerCase()
      .replaceAll(/n't\b|'\p{L}+/gu, '')
      .match(/[\p{L}\p{M}]+/gu) ?? []
  // A single foreign word is a name that the text is about; English has none of its own letters.
  if (found.some((word) => /[^\p{Script=Latin}\p{M}]/u.test(word))) return false
  const foreign = found.filter((word) => foreignWords.has(word) && !englishWords.has(word) && !alsoEnglish.has(word))
  return found.some((word) => englishWords.has(word)) && foreign.length === 0
}

/** On the list of foreign words, and good English. */
const alsoEnglish = new Set(['no', 'to', 'die', 'i', 'do', 'on', 'come', 'son', 'per', 'as', 'of', 'er', 'co'])

/** `The` in the middle of a sentence belongs to a name: The Office is not any office. */
function withNames(text: string): string {
  return text.replaceAll(/(?<=[\p{Ll}\d,] )(The|A|An)(?= )/gu, (article) => `${article.toLowerCase()}name`)
}

const tokenPattern =
  /\uE000|\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}][\p{L}\p{M}\p{N}]*(?:[.'-][\p{L}\p{M}\p{N}]+)*[+#]*|[^\s\p{L}\p{M}\p{N}]/gu

/**
 * Numbers, words and signs. Commas and stops count wherever words follow: shall we eat, grandma, and shall we eat grandma.
 */
function tokens(text: string, isEnglish: boolean): string[] {
  const withoutStops = text.replace(/[\s.,?…]+$/, '').replace(/(?<=\p{L}{3})!+$/u, '')
  return (withoutStops.match(tokenPattern) ?? []).map((token) =>
    // 1,234 is a thousand in English, and little more than one in German.
    isEnglish && /^\d{1,3}(?:,\d{3})+$/.test(token) ? token.replaceAll(',', '') : token,
  )
}

/**
 * An article says little in front of what is told more of: what is the capital of. Elsewhere it may be all the difference:
 * what is the time, what is time, how to cook a chicken, how to cook chicken.
 */
function withoutArticles(all: string[]): Pick<NormalForm, 'words' | 'articles'> {
  const isHowTo = all[0] === 'how' && all[1] === 'to'
  const words: string[] = []
  const articles: NormalForm['articles'] = new Map()
  for (const [index, word] of all.entries()) {
    const next = all[index + 1] ?? ''
    const isLeftOut = isArticle(word) && isLong(next) && !withArticle.has(next)
    const isOfMore = all[index + 2] === 'of' || all[index + 3] === 'of'
    const isFree = isOfMore && (index === 0 || beforeArticle.has(all[index - 1] ?? ''))
    if (isLeftOut && (isFree || (isHowTo && countable.has(next)))) {
      articles.set(next, word === 'the' ? 'the' : 'a')
    } else words.push(word === 'an' ? 'a' : word)
  }
  return { words, articles }
}

function isArticle(word: string): boolean {
  return word === 'a' || word === 'an' || word === 'the'
}

/** A letter by itself is a name: vitamin A. */
function isLong(word: string): boolean {
  return /^\p{L}{2}/u.test(word)
}

/**
 * Where all letters are small, or all are large, capitals say nothing; nor does the first one of a sentence, where it is no
 * word that may be a name (Turkey in October?). One within a word always does: dB.
 */
function spellingsOf(text: string): NormalForm['spellings'] {
  const found = [...text.matchAll(/[\p{L}\p{M}][\p{L}\p{M}\p{N}]*/gu)]
  const spellings: NormalForm['spellings'] = new Map()
  const all = found.map(([word]) => word)
  if (!usesCapitals(all)) return spellings
  let end = 0
  for (const [index, match] of found.entries()) {
    const [word] = match
    // Only what is between two words: a look back over the whole text would take seconds.
    const isFirst = index === 0 || /[.!?:][^\p{L}\p{N}]*$/u.test(text.slice(end, match.index))
    end = match.index + word.length
    const isOwnWay = /^.+\p{Lu}/u.test(word)
    const small = word.toLowerCase()
    if (isFirst && !isOwnWay && isBeginning(small)) continue
    if (small === 'i' && isMe(all, index)) continue
    const before = spellings.get(small)
    spellings.set(small, before === undefined || before === word ? word : `${before} ${word}`)
  }
  return spellings
}

function isBeginning(word: string): boolean {
  return beginnings.has(word) || askingWords.has(word) || englishWords.has(word)
}

function isMe(all: readonly string[], index: number): boolean {
  return [all[index - 1], all[index + 1]].some((word) => besideMe.has(word?.toLowerCase() ?? ''))
}

function usesCapitals(all: string[]): boolean {
  return all.some((word) => /\p{Lu}/u.test(word) && word !== 'I') && all.some((word) => /\p{Ll}/u.test(word))
}

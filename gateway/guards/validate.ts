/** What tells a number from others that look like it. All of these are pure, and 0 is "not one". */

/** The check digit of cards (ISO/IEC 7812). `digits` has nothing else in it. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Prefixes and lengths of the brands in use. */
const cardBrands =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35\d{14}|62\d{14,17})$/

/** Digits stand alone, or in the groups that are printed on cards. */
const cardGroups =
  /^(?:\d+|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5}|\d{4}([ -])\d{4}\3\d{4}\3\d{4}\3\d{3})$/

/** What follows a card (` 12/27`) looks like more of it: the longest beginning that is a card counts. */
export function cardLength(found: string): number {
  for (let end = found.length; end >= 13; end -= 1) {
    const isWhole = end === found.length || found[end] === ' ' || found[end] === '-'
    if (isWhole && isCard(found.slice(0, end))) return end
  }
  return 0
}

function isCard(text: string): boolean {
  const digits = text.replaceAll(/[ -]/g, '')
  // The check digit of nothing but zeros is right.
  return cardBrands.test(digits) && cardGroups.test(text) && new Set(digits).size > 1 && passesLuhn(digits)
}

/** Characters of a country's IBAN (SWIFT's registry). */
const ibanLengths: Record<string, number> = {
  AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BR: 29, BY: 28, CH: 21, CR: 22, CY: 28, CZ: 24,
  DE: 22, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18, FO: 18, FR: 27, GB: 22, GE: 22, GI: 23, GL: 18, GR: 27, GT: 28,
  HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20, LU: 20,
  LV: 21, LY: 25, MC: 27, MD: 24, ME: 22, MK: 19, MR: 27, MT: 31, MU: 30, NL: 18, NO: 15, PK: 24, PL: 28, PS: 29, PT: 25,
  QA: 29, RO: 24, RS: 22, SA: 24, SC: 31, SE: 24, SI: 19, SK: 24, SM: 27, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26, UA: 29,
  VA: 22, VG: 24, XK: 20,
} // prettier-ignore

/** How far the IBAN goes: words in capitals that follow it look like a part of it. */
export function ibanLength(found: string): number {
  const wanted = ibanLengths[found.slice(0, 2)]
  if (wanted === undefined) return 0
  let end = 0
  for (let letters = 0; letters < wanted; end += 1) {
    if (end >= found.length) return 0
    if (found[end] !== ' ') letters += 1
  }
  const iban = found.slice(0, end).replaceAll(' ', '')
  return remainderOf97(iban.slice(4) + iban.slice(0, 4)) === 1 ? end : 0
}

/** ISO 7064: letters count as 10 to 35. */
function remainderOf97(text: string): number {
  let remainder = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const value = code < 65 ? code - 48 : code - 55
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder
}

/** Country calling codes in use (ITU E.164), as the beginnings they have. */
const callingCode =
  /^(?:1[2-9]|7|2(?:0|7|[1-6]\d|[89][01789])|3(?:[0-469]|[578]\d)|4(?:[013-9]|2[013])|5(?:[1-8]|0\d|9\d)|6(?:[0-6]|[789]\d)|8(?:[1246]|5[02356]|8[0268])|9(?:[0-58]|6[0-8]|7[0-79]|9[2-68]))/

/** `+` and a number of another country: 8 to 15 digits, the calling code among them. */
export function internationalPhoneLength(found: string): number {
  if (found.length < 10) return 0
  const digits = found.replaceAll(/\D/g, '')
  // One more, or one less, than North America has.
  if (digits.startsWith('1') && digits.length !== 11) return 0
  const isRound = /^(\d)\1*$/.test(digits.slice(2))
  if (digits.length < 9 || digits.length > 15 || isRound || !callingCode.test(digits)) return 0
  // The last bracket may be the one that all of it stands in.
  return found.endsWith(')') && !/\(\d+\)$/.test(found) ? found.length - 1 : found.length
}

/** Bits per character (Shannon): 0 for one letter repeated, about 4 for a random word of 16. */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

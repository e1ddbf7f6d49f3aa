import { pendingAt, type Detector } from './detector.ts'
import { cardLength, ibanLength, internationalPhoneLength } from './validate.ts'

/** `image@2x.png`, `lodash@4.17.js`. */
const fileEnding =
  /\.(?:png|jpe?g|gif|svg|webp|ico|m?js|[cm]?ts|tsx|jsx|css|scss|json|ya?ml|md|py|rb|go|rs|sh|txt|html?|tgz|zip)$/i

/** A digit of a number that goes on: with these the stream waits. */
const digits = pendingAt(/[+(]{0,2}\d[\d ().\-/]{0,48}$|[+(]{1,2}$/, 50)

function phoneLength(found: string): number {
  if (found.startsWith('+')) return internationalPhoneLength(found)
  const isMixed = !found.includes('(') && found.includes('.') && found.includes('-')
  // 211, 911 and their kin are services; nobody has them as a part of a number.
  return isMixed || /[2-9]11\D*\d{3}\D*\d{4}$|[2-9]11\D*\d{4}$/.test(found) ? 0 : found.length
}

const octet = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`

export const piiDetectors: readonly Detector[] = [
  {
    name: 'email',
    label: 'E-mail address',
    description: 'name@example.com',
    pattern:
      /(?<![\w.%+@-])(?<!:\/\/[\w.~-]{0,64}:)[A-Za-z0-9_][\w.%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,6}[A-Za-z]{2,24}(?![\w@-]|\.[A-Za-z0-9])/g,
    hints: ['@'],
    // Not the user by whom everybody clones.
    accept: (found) => (fileEnding.test(found) || found.startsWith('git@') ? 0 : found.length),
  },
  {
    name: 'credit-card',
    label: 'Card number',
    description: '13 to 19 digits of a known brand with a right check digit.',
    pattern: /(?<![\w.+-]|\d[ -])\d(?:[ -]?\d){12,18}(?!\w|-\w)/g,
    accept: cardLength,
    pending: digits,
  },
  {
    name: 'iban',
    label: 'IBAN',
    description: 'International bank account number with a right check digit.',
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/g,
    accept: ibanLength,
    pending: pendingAt(/(?<![A-Za-z0-9])[A-Z]{2}(?:\d[\dA-Z ]{0,50})?$/, 54),
  },
  {
    name: 'phone',
    label: 'Telephone number',
    description: 'With + and country code, or in the North American form with separators.',
    pattern:
      /(?<![\w+.-])\+[1-9]\d{0,14}(?:(?:[ ./-]\(?| ?\()\d{1,14}\)?){0,6}(?!\w|[.-]\w)|(?<![\w.+(/=-]|\d )(?:1[ .-])?(?:\([2-9]\d\d\) ?[2-9]\d\d[ .-]|[2-9]\d\d[.-][2-9]\d\d[.-])\d{4}(?!\w|[.-]\w)/g,
    accept: phoneLength,
    pending: digits,
  },
  {
    name: 'us-ssn',
    label: 'US social security number',
    description: '123-45-6789, in the ranges that are given out.',
    pattern: /(?<![\w.-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-]|\.\d)/g,
    pending: digits,
  },
  {
    name: 'ip-address',
    label: 'IP address',
    description: 'IPv4, and IPv6 in full. Off unless it is named: logs and code are full of them.',
    pattern: new RegExp(
      String.raw`(?<![\w.-])(?:${octet}\.){3}${octet}(?![\w-]|\.\d)|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}(?![\w:])`,
      'g',
    ),
    isOptional: true,
  },
]

/** Looking at a stream's bytes without decoding them: what makes a pass-through cheap. */

const eventEnd = Buffer.from('\n\n')
const eventEndCrLf = Buffer.from('\r\n\r\n')
const usageMark = Buffer.from('"usage":')
const errorMark = Buffer.from('"error":')
const finishMark = Buffer.from('"finish_reason":')
const doneMark = Buffer.from('[DONE]')
const dataMark = Buffer.from('data:')
const openBrace = 123
const quote = 34
const space = 32
const emptyChoices = /"choices":\s*\[\s*\]/

/** Anything that a pass-through must look at: usage, an error, the end. `null` says nothing. */
const remarkable = /"(?:usage|error)":(?! ?null)|"finish_reason": ?"|\[DONE\]/
const plainLimit = 4096

/**
 * The common case told by one look: how many events these bytes are, when they are whole ones, all of them ordinary;
 * 0 when they need a closer look. One pass over a string costs a tenth of a search for every mark in the bytes.
 */
export function plainEvents(bytes: Buffer): number {
  if (bytes.length > plainLimit) return 0
  const text = bytes.toString('latin1')
  if (!text.endsWith('}\n\n') || remarkable.test(text)) return 0
  let events = 0
  for (let at = text.indexOf('\n\n'); at !== -1; at = text.indexOf('\n\n', at + 2)) {
    if (text.charCodeAt(at - 1) !== closingBrace) return 0
    events += 1
  }
  return events
}

/** Offset behind the last complete event, 0 when there is none. */
export function lastEventEnd(bytes: Buffer): number {
  const plain = bytes.lastIndexOf(eventEnd)
  const crLf = bytes.lastIndexOf(eventEndCrLf)
  return Math.max(plain === -1 ? 0 : plain + 2, crLf === -1 ? 0 : crLf + 4)
}

export function* eachEvent(bytes: Buffer): Generator<Buffer> {
  let start = 0
  // Each mark is looked for only behind where it was found last: anew for every event would take the square of them.
  let plain = -1
  let crLf = -1
  while (start < bytes.length) {
    if (plain < start) plain = indexOrEnd(bytes, eventEnd, start)
    if (crLf < start) crLf = indexOrEnd(bytes, eventEndCrLf, start)
    const end = crLf < plain ? crLf + eventEndCrLf.length : Math.min(plain + eventEnd.length, bytes.length)
    yield bytes.subarray(start, end)
    start = end
  }
}

function indexOrEnd(bytes: Buffer, mark: Buffer, start: number): number {
  const index = bytes.indexOf(mark, start)
  return index === -1 ? bytes.length : index
}

/** Offset behind the event that begins at `start`. */
export function firstEventEnd(bytes: Buffer, start: number): number {
  const plain = bytes.indexOf(eventEnd, start)
  const crLf = bytes.indexOf(eventEndCrLf, start)
  if (crLf !== -1 && (plain === -1 || crLf < plain)) return crLf + eventEndCrLf.length
  return plain === -1 ? bytes.length : plain + eventEnd.length
}

export function countEvents(bytes: Buffer): number {
  return count(bytes, eventEnd) || count(bytes, eventEndCrLf)
}

function count(bytes: Buffer, mark: Buffer): number {
  let found = 0
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + mark.length)) found += 1
  return found
}

/**
 * Whether some event carries a usage object (`"usage":null` does not count). The mark cannot be model text: inside a
 * JSON string its quotes would be escaped.
 */
export function hasUsage(bytes: Buffer): boolean {
  return hasMember(bytes, usageMark, openBrace)
}

function hasMember(bytes: Buffer, mark: Buffer, firstOfValue: number): boolean {
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + mark.length)) {
    let value = at + mark.length
    while (bytes[value] === space) value += 1
    if (bytes[value] === firstOfValue) return true
  }
  return false
}

export function mentionsError(bytes: Buffer): boolean {
  return bytes.includes(errorMark)
}

const closingBrace = 125
const closingBracket = 93
const colon = 58

/**
 * Whether every event ends like JSON or `[DONE]`, or is a comment: the cheap part of "every event is JSON", which
 * catches what was cut off.
 */
export function endsWell(bytes: Buffer): boolean {
  let start = 0
  for (let at = bytes.indexOf(eventEnd); at !== -1; at = bytes.indexOf(eventEnd, start)) {
    const last = bytes[at - 1]
    if (last !== closingBrace && last !== closingBracket && bytes[start] !== colon && at > start) return false
    start = at + eventEnd.length
  }
  return true
}

/** The events before the first that mentions an error or is no whole event. */
export function beforeError(bytes: Buffer): Buffer {
  let length = 0
  for (const event of eachEvent(bytes)) {
    if (mentionsError(event) || !endsWell(event)) break
    length += event.length
  }
  return bytes.subarray(0, length)
}

/** Whether the bytes say that a choice is finished. */
export function mentionsFinish(bytes: Buffer): boolean {
  return hasMember(bytes, finishMark, quote)
}

/**
 * Without the events that have no choices: those with usage only where the client asked for it, others never. Azure
 * begins a stream with one that has no id and no model, only its verdict on the prompt; clients that read id and
 * model from the first event would find them empty.
 */
export function withoutEmptyEvents(bytes: Buffer, keepUsage: boolean): Buffer {
  if (!emptyChoices.test(bytes.toString('latin1'))) return bytes
  const kept = [...eachEvent(bytes)].filter((event) => {
    if (!emptyChoices.test(event.toString('latin1')) || mentionsError(event)) return true
    return keepUsage && hasUsage(event)
  })
  return Buffer.concat(kept)
}

/** Where the first `data: [DONE]` event begins, or -1. */
export function sentinelStart(bytes: Buffer): number {
  for (let done = bytes.indexOf(doneMark); done !== -1; done = bytes.indexOf(doneMark, done + doneMark.length)) {
    const start = bytes.lastIndexOf(dataMark, done)
    if (start === -1) continue
    const isWholeField = bytes.toString('latin1', start + dataMark.length, done).trim() === ''
    const startsLine = start === 0 || bytes[start - 1] === 10 || bytes[start - 1] === 13
    if (isWholeField && startsLine) return start
  }
  return -1
}

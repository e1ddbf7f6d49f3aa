export type CsvValue = string | number | null | undefined

/** RFC 4180 with a heading row. A cell that a spreadsheet would run as a formula gets a quote in front. */
export function writeCsv(heading: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [heading, ...rows].map((row) => row.map(writeCell).join(',')).join('\r\n') + '\r\n'
}

function writeCell(value: CsvValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?[\d.]+$/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

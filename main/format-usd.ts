const exact = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const whole = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 })
const small = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumSignificantDigits: 4 })

/** Money (1e-9 USD) as the window writes it: `$0.0042` below a cent, `$1.23`, `$1,204` from a thousand. */
export function formatUsd(nanoUsd: number): string {
  const usd = nanoUsd / 1e9
  if (usd !== 0 && Math.abs(usd) < 0.01) return small.format(usd)
  return Math.abs(usd) >= 1000 ? whole.format(usd) : exact.format(usd)
}

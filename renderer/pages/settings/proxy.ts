export type ProxyAsTyped = { proxy: string | null } | { problem: string }

/** What stands for a password that is not shown. */
const mask = '***'

/** Empty: no proxy of our own. `shown`: what stood in the field, with the password masked. */
export function readProxy(text: string, shown: string | null): ProxyAsTyped {
  const trimmed = text.trim()
  if (trimmed === '') return { proxy: null }
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`
  if (address === shown) return { proxy: shown }
  if (address.includes(mask)) return { problem: 'The password is not kept in view: type the whole address again.' }
  const isWeb = /^https?:\/\/[^/\s]+\/?$/i.test(address) && URL.canParse(address)
  if (!isWeb) return { problem: 'Enter an address like http://proxy.example.com:3128.' }
  return { proxy: address }
}

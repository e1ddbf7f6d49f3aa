/** What is shown instead of a secret. */
export const mask = '***'

/** Header, query or variable names whose values are secrets. */
export function isCredentialName(name: string): boolean {
  return /auth|api[-_]?key|secret|token|password|credential|cookie|signature|(^|[-_])key$/i.test(name)
}

/** `Bearer …`, the key formats of well-known providers, or one long run of key-like letters and digits. */
export function isCredentialValue(value: string): boolean {
  return /^(bearer|basic|token)\s|^(sk|pk|gsk|xai|hf|nvapi|ghp|github_pat|AIza)[-_\w]{8}|^(?=.*\d)[\w+/=.-]{32,}$/i.test(
    value,
  )
}

/** Masks the user information of an address and query values that look like credentials. */
export function maskUrl(url: string): string {
  return url
    .replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#\\]*@/i, `$1${mask}@`)
    .replaceAll(/([?&])([^=&#]+)=([^&#]*)/g, (whole, separator: string, name: string) =>
      isCredentialName(name) || name === 'sig' ? `${separator}${name}=${mask}` : whole,
    )
}

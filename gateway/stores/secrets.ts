/** Where keys are kept. Values are found by the name of their reference: `${OPENAI_API_KEY}` -> `OPENAI_API_KEY`. */
export interface Secrets {
  /** undefined: nowhere. Rejects with what to do when the store cannot be asked (locked, no D-Bus). */
  get(name: string): Promise<FoundSecret | undefined>
  /** Into the store that `describe` names. `consentToFile`: the user agreed to a file that only they can read. */
  set(name: string, value: string, options?: { consentToFile?: boolean }): Promise<SecretOrigin>
  delete(name: string): Promise<void>
  describe(): Promise<SecretStoreState>
}

export type SecretOrigin = 'keychain' | 'file' | 'environment'

export interface FoundSecret {
  value: string
  from: SecretOrigin
}

export interface SecretStoreState {
  /** Where `set` would put a value; `none`: only environment variables work. */
  kind: 'keychain' | 'file' | 'none'
  /** Why not the keychain, and what to do. */
  problem: string | null
  fileIsPossible: boolean
}

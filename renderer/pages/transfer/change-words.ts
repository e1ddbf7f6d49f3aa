import type { ConfigChange } from '../../../gateway/contract.ts'
import { isLoopback } from '../settings/exposure.ts'

export type ChangeKind = 'added' | 'changed' | 'removed'

export function kindOf({ before, after }: ConfigChange): ChangeKind {
  if (before === null) return 'added'
  return after === null ? 'removed' : 'changed'
}

/** `2 changed, 1 added` */
export function countChanges(changes: readonly ConfigChange[]): string {
  const kinds: readonly ChangeKind[] = ['changed', 'added', 'removed']
  return kinds
    .map((kind) => [changes.filter((change) => kindOf(change) === kind).length, kind] as const)
    .filter(([count]) => count > 0)
    .map(([count, kind]) => `${count} ${kind}`)
    .join(', ')
}

/** Short values stand side by side; blocks one below the other. */
export function isShort({ before, after }: ConfigChange): boolean {
  return [before, after].every((value) => value === null || (!value.includes('\n') && value.length <= 48))
}

/** The address that would let other machines in; undefined: it stays as it is, or on this machine. */
export function newOpenAddress(changes: readonly ConfigChange[]): string | undefined {
  const host = changes.find(({ path }) => path === 'server.host')?.after ?? undefined
  const plain = host?.replaceAll(/^["']|["']$/g, '')
  return plain === undefined || isLoopback(plain) ? undefined : plain
}

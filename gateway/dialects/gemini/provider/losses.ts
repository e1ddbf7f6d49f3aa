import type { Warning } from '../../../chat/request.ts'

export type Lose = (feature: string, reason: string) => void

/** Collects what translation loses, each feature once however often it occurs. */
export class Losses {
  readonly warnings: Warning[] = []

  readonly lose: Lose = (feature, reason) => {
    if (this.warnings.some((warning) => warning.feature === feature)) return
    this.warnings.push({ feature, reason })
  }
}

/** Counts against limits: requests and tokens per window. Memory now; anything that decides atomically can stand here. */
export interface Counter {
  /** All or nothing: takes from every limit, or from none and says which one refused. Exact under concurrency. */
  take(demands: Demand[]): Verdict | Promise<Verdict>
  /** Corrects an earlier take by the difference between what was reserved and what was used (may be negative). */
  settle(demands: Demand[]): void | Promise<void>
  /** State without taking. */
  peek(limits: Limit[]): LimitState[] | Promise<LimitState[]>
}

export interface Limit {
  /** What is limited, e.g. `global/requests` or `model/gpt-4/tokens`. */
  id: string
  unit: 'requests' | 'tokens'
  /** Per window. */
  limit: number
  windowMs: number
}

export interface Demand extends Limit {
  amount: number
  /**
   * For `settle`: when it was taken, by the counter's clock. A window that began later is left alone: a long call that
   * ends in the next window must not give back there what it took in the last. Absent: the current window.
   */
  takenAt?: number
}

export interface LimitState {
  id: string
  unit: 'requests' | 'tokens'
  limit: number
  /** Never below 0. */
  remaining: number
  /** Milliseconds until the window begins anew. */
  resetMs: number
}

export type Verdict =
  | { allowed: true; states: LimitState[] }
  /** `refused` is the state of the limit that said no: the one that frees last, if several do. */
  | { allowed: false; refused: LimitState; states: LimitState[] }

import { GatewayError } from '../errors.ts'
import type { TablePrice } from '../models/price-table.ts'
import type { PlainProvider } from './plain-table.ts'

/** Prices as somebody publishes them, read. */
export type PriceList = WholeList | NamedList

export type ListKind = 'llm-gateway' | 'genai-prices' | 'litellm' | 'models.dev'

/** It has rules for what models are called: it takes the place of the table. */
export interface WholeList {
  kind: ListKind
  providers: PlainProvider[]
  skipped: Skipped
}

/** It has names and prices alone: they go into the table. */
export interface NamedList {
  kind: ListKind
  named: NamedPrices[]
  skipped: Skipped
}

/** Why entries were left out -> how many. */
export type Skipped = Record<string, number>

export interface NamedPrices {
  /** The table's id. */
  provider: string
  /** As the provider names it. */
  model: string
  contextWindow: number | undefined
  prices: TablePrice
}

/** Collects what a list has, and why the rest of it is left out. */
export class NamedCollector {
  readonly named: NamedPrices[] = []
  readonly skipped: Skipped = {}

  skip(reason: string): void {
    this.skipped[reason] = (this.skipped[reason] ?? 0) + 1
  }

  add(entry: NamedPrices): void {
    this.named.push(entry)
  }
}

export function unusable(message: string): GatewayError {
  return new GatewayError('invalid_request', message)
}

/** USD per 1M tokens that were written in binary fractions: 7.5e-8 per token is 0.075, not 0.07500000000000001. */
export function roundUsd(usdPerMillion: number): number {
  return Math.round(usdPerMillion * 1e6) / 1e6
}

/** Numbers without end too (1e999): they are refused with the list, not left out of it. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

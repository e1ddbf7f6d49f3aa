import type { Metric, Registry } from 'prom-client'
import type { Family } from './series.ts'

/** A prom-client registry of its own over our numbers and those of the process. Imported at the first scrape. */
export async function openRegistry(families: readonly Family[]): Promise<Registry> {
  const { Registry, collectDefaultMetrics } = await import('prom-client')
  const registry = new Registry()
  for (const family of families) registry.registerMetric(asMetric(family))
  collectDefaultMetrics({ register: registry })
  return registry
}

/** What a registry asks of a metric is `get()`; its own AggregatorRegistry registers such objects, too. */
function asMetric(family: Family): Metric {
  const { name, help, type } = family
  const metric = { name, help, type, get: async () => ({ name, help, type, values: family.samples() }) }
  return metric as unknown as Metric
}

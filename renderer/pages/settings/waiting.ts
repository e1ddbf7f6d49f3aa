const titles: Partial<Record<string, string>> = {
  host: 'the address',
  port: 'the port',
  corsEnabled: 'access for web pages',
  corsOrigins: 'the web pages',
  retentionDays: 'how long calls are kept',
  capture: 'what is kept of calls',
  logLevel: 'the log level',
  logFormat: 'the log format',
  proxy: 'the proxy',
  metricsEnabled: 'the metrics',
}

/** `the port and the proxy` */
export function namesInWords(names: readonly string[]): string {
  const words = names.map((name) => titles[name] ?? name)
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

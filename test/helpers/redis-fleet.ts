import { monitorEventLoopDelay } from 'node:perf_hooks'
import { startGatewayProcess, type GatewayOptions, type GatewayProcess } from './gateway.ts'

/** Several gateways on one Redis, and what they say of it in their logs. */

/** The line "listening" is of the level info, and so is that Redis answers again. */
export function startFleet(count: number, config: object, more: Omit<GatewayOptions, 'config'> = {}) {
  const each = { ...more, config: { ...config, logging: { level: 'info' } } }
  return Promise.all(Array.from({ length: count }, () => startGatewayProcess(each)))
}

export function atOf(gateways: readonly GatewayProcess[], index: number): GatewayProcess {
  return gateways[index % gateways.length] as GatewayProcess
}

/** `width` callers, each asking one question after the other until all are asked. */
export async function askAll<T>(count: number, width: number, one: (index: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = []
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < count) answers.push(await one(next++))
  }
  await Promise.all(Array.from({ length: width }, caller))
  return answers
}

/** How often it went on by itself. */
export function falls(gateway: GatewayProcess): number {
  return gateway.output().split('counts and caches by itself').length - 1
}

/** Whether its last word on Redis is that it answers. */
export function isUp(gateway: GatewayProcess): boolean {
  const output = gateway.output()
  return output.lastIndexOf('Redis answers') > output.lastIndexOf('counts and caches by itself')
}

/**
 * What came of a run in which no gateway took Redis for gone, as they tell by themselves. On a machine so busy that Redis
 * had no turn for 50 ms they did, and what they let through then is another test's question: it runs anew.
 */
export async function undisturbed<T extends { gateways: readonly GatewayProcess[] }>(
  run: () => Promise<T>,
): Promise<T> {
  for (;;) {
    const ran = await run()
    if (ran.gateways.every((gateway) => falls(gateway) === 0)) return ran
    console.log('Redis had no turn for 50 ms: once more')
    await Promise.all(ran.gateways.map((gateway) => gateway.stop('SIGKILL')))
  }
}

/** The test's own time limit ends it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** A machine that does other things besides: what a clock is off at least, and for how long this process had no turn. */
export async function whileMeasured<T>(task: () => Promise<T>): Promise<{ value: T; lateMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const value = await task()
  delay.disable()
  return { value, lateMs: 30 + delay.max / 1e6 }
}

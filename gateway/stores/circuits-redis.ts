import type { RedisLink } from './redis-link.ts'
import { redisScript } from './redis-link.ts'

/** Which targets other gateways have given up for now, as far as it is known here. */
export interface SharedCircuits {
  /** This gateway gave it up for so long; 0: it answers again. */
  tell(target: string, openMs: number): void
  /** At once, from what was heard last; asks anew beside, at most once a second. */
  isOpenElsewhere(target: string): boolean
}

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

/** Targets by when they may be asked again. ARGV: target, ms. */
const tellScript = redisScript(`${now}
local open = tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if open > 0 then redis.call('ZADD', KEYS[1], now + open, ARGV[1]) else redis.call('ZREM', KEYS[1], ARGV[1]) end
return 1
`)

/** Answers targets and for how long they are still left alone. */
const listScript = redisScript(`${now}
local answer = redis.call('ZRANGE', KEYS[1], '(' .. string.format('%.0f', now), '+inf', 'BYSCORE', 'LIMIT', 0, 1000, 'WITHSCORES')
for at = 2, #answer, 2 do answer[at] = string.format('%.0f', answer[at] - now) end
return answer
`)

const heardForMs = 1000

export function createRedisCircuits(ports: { link: RedisLink; prefix: string; nowMs: () => number }): SharedCircuits {
  const { link, prefix, nowMs } = ports
  const keys = [`{${prefix}:circuits}`]
  let openUntilMs = new Map<string, number>()
  let nextListMs = -Infinity

  async function list(): Promise<void> {
    const reply = await link.run(listScript, { keys, args: [] })
    const texts = Array.isArray(reply) ? reply.map(String) : []
    const heard = new Map<string, number>()
    for (let at = 0; at + 1 < texts.length; at += 2) heard.set(texts[at] ?? '', nowMs() + Number(texts[at + 1]))
    openUntilMs = heard
  }

  return {
    tell(target, openMs) {
      // Without Redis each gateway finds out for itself.
      link.run(tellScript, { keys, args: [target, Math.round(openMs)] }).catch(ignore)
    },
    isOpenElsewhere(target) {
      if (nowMs() >= nextListMs) {
        nextListMs = nowMs() + heardForMs
        list().catch(ignore)
      }
      return nowMs() < (openUntilMs.get(target) ?? 0)
    },
  }
}

function ignore(): void {}

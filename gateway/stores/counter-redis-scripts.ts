import { redisScript } from './redis-link.ts'
import { clockAndWhole } from './redis-lua.ts'

/**
 * A window is a hash: `s` when it began (milliseconds), `u` what was used. Times are the server's own, so that the
 * clocks of the gateways do not matter; tests hand in another as the first argument.
 */
const prelude = `
${clockAndWhole}local now = clock(ARGV[1])
local function window(key, length)
  local stored = redis.call('HMGET', key, 's', 'u')
  local started, used = tonumber(stored[1] or ''), tonumber(stored[2] or '')
  if not started or not used or now >= started + length then return nil, 0 end
  return started, used
end
local function store(key, started, used, length)
  redis.call('HSET', key, 's', whole(started), 'u', whole(math.max(0, used)))
  redis.call('PEXPIRE', key, whole(math.max(1, started + length - now)))
end
`

/**
 * ARGV: time or '', `take` | `add` | `peek`, then limit, window and amount for each key. `add` takes whatever the limit
 * says. Answers 1 or 0, then what is used and how long the window still lasts for each key.
 */
export const takeScript = redisScript(`${prelude}
local mode = ARGV[2]
local fits = mode ~= 'peek'
local windows = {}
for index, key in ipairs(KEYS) do
  local at = index * 3
  local limit, length, amount = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local started, used = window(key, length)
  windows[index] = { started = started, used = used, length = length, amount = amount }
  if mode == 'take' and used + amount > limit then fits = false end
end
local answer = { fits and 1 or 0 }
for index, key in ipairs(KEYS) do
  local each = windows[index]
  if fits then
    each.started = each.started or now
    each.used = math.max(0, each.used + each.amount)
    store(key, each.started, each.used, each.length)
  end
  answer[#answer + 1] = whole(each.used)
  answer[#answer + 1] = whole(each.started and each.started + each.length - now or each.length)
end
return answer
`)

/** ARGV: time or '', slack, then window, amount and how long ago it was taken (or '') for each key. */
export const settleScript = redisScript(`${prelude}
local slack = tonumber(ARGV[2])
for index, key in ipairs(KEYS) do
  local at = index * 3
  local length, amount, age = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local started, used = window(key, length)
  if started and (not age or now - age >= started - slack) then store(key, started, used + amount, length) end
end
return 1
`)

import { redisScript } from './redis-link.ts'

/**
 * An entry is a hash that Redis itself lets run out: `m` what it is, `b` the body, `x` when it ends, `h` hits. Beside
 * the entries of a part of the cache (KEYS[1], one slot of a cluster) stand
 *   :used    key by the number of its last use, so that the longest unused goes first
 *   :expiry  key by its end, so that what ran out is taken off the sums
 *   :index   key -> `bytes:model`
 *   :sums    t all bytes, s the number of the last use; n:MODEL entries and b:MODEL bytes of a model
 */
const prelude = `
local base = KEYS[1]
local used, expiry, index, sums = base .. ':used', base .. ':expiry', base .. ':index', base .. ':sums'
local function entry(key) return base .. ':e:' .. key end
local function total() return tonumber(redis.call('HGET', sums, 't') or '0') end
local function touch(key) redis.call('ZADD', used, redis.call('HINCRBY', sums, 's', 1), key) end
local function add(model, entries, bytes)
  redis.call('HINCRBY', sums, 't', bytes)
  redis.call('HINCRBY', sums, 'b:' .. model, bytes)
  if redis.call('HINCRBY', sums, 'n:' .. model, entries) <= 0 then
    redis.call('HDEL', sums, 'n:' .. model, 'b:' .. model)
  end
end
local function forget(key)
  local stored = redis.call('HGET', index, key)
  if not stored then return 0 end
  redis.call('DEL', entry(key))
  redis.call('ZREM', used, key)
  redis.call('ZREM', expiry, key)
  redis.call('HDEL', index, key)
  local colon = string.find(stored, ':', 1, true)
  add(string.sub(stored, colon + 1), -1, -tonumber(string.sub(stored, 1, colon - 1)))
  return 1
end
local function clock(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function purge(now)
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', expiry, '-inf', now, 'LIMIT', 0, 100)) do forget(key) end
end
local function shrink(most, goal)
  for count = 0, most - 1 do
    if total() <= goal then return count end
    local oldest = redis.call('ZRANGE', used, 0, 0)[1]
    if not oldest then return count end
    forget(oldest)
  end
  return most
end
`

/** ARGV: time or '', key. Answers `[m, b]` or nil. */
export const getScript = redisScript(`${prelude}
local now, key = clock(ARGV[1]), ARGV[2]
local found = redis.call('HMGET', entry(key), 'm', 'b', 'x')
if not found[1] or tonumber(found[3]) <= now then
  forget(key)
  return false
end
redis.call('HINCRBY', entry(key), 'h', 1)
touch(key)
return { found[1], found[2] }
`)

/** ARGV: time or '', key, model, m, b, ms to live, bytes, most bytes (below 0: only take out what is there). */
export const setScript = redisScript(`${prelude}
local now, key, model = clock(ARGV[1]), ARGV[2], ARGV[3]
local ttl, size, most = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
purge(now)
forget(key)
if most < size then return 0 end
shrink(1000, most - size)
if total() > most - size then return 0 end
local ends = string.format('%.0f', now + ttl)
redis.call('HSET', entry(key), 'm', ARGV[4], 'b', ARGV[5], 'x', ends, 'h', 0)
redis.call('PEXPIRE', entry(key), ARGV[6])
redis.call('ZADD', expiry, ends, key)
redis.call('HSET', index, key, ARGV[7] .. ':' .. model)
add(model, 1, size)
touch(key)
return 1
`)

/** ARGV: time or ''. Answers entries and bytes. */
export const statsScript = redisScript(`${prelude}
purge(clock(ARGV[1]))
return { redis.call('HLEN', index), total() }
`)

/** ARGV: most to take out, most bytes. Answers how many went. */
export const shrinkScript = redisScript(`${prelude}
return shrink(tonumber(ARGV[1]), tonumber(ARGV[2]))
`)

/** ARGV: how many. Takes out that many of all; answers how many went. */
export const clearScript = redisScript(`${prelude}
local cleared = 0
for _, key in ipairs(redis.call('ZRANGE', used, 0, ARGV[1] - 1)) do cleared = cleared + forget(key) end
if redis.call('HLEN', index) == 0 then redis.call('DEL', used, expiry, index, sums) end
return cleared
`)

/** ARGV: cursor, how many to look at, model. Answers the next cursor and how many went. */
export const clearModelScript = redisScript(`${prelude}
local found = redis.call('HSCAN', index, ARGV[1], 'COUNT', ARGV[2])
local cleared = 0
for at = 1, #found[2], 2 do
  local value = found[2][at + 1]
  if string.sub(value, string.find(value, ':', 1, true) + 1) == ARGV[3] then cleared = cleared + forget(found[2][at]) end
end
return { found[1], cleared }
`)

/** ARGV: from, to (of the last used). Answers key, m, hits, end and `bytes:model` of each. */
export const listScript = redisScript(`${prelude}
local answer = {}
for _, key in ipairs(redis.call('ZREVRANGE', used, ARGV[1], ARGV[2])) do
  local found = redis.call('HMGET', entry(key), 'm', 'h', 'x')
  if found[1] then answer[#answer + 1] = { key, found[1], found[2], found[3], redis.call('HGET', index, key) } end
end
return answer
`)

/** Answers names and numbers of all sums. */
export const sumsScript = redisScript(`${prelude}
return redis.call('HGETALL', sums)
`)

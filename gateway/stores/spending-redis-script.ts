import { redisScript } from './redis-link.ts'
import { clockAndWhole } from './redis-lua.ts'

/**
 * An account is two hashes. `:spent` has what each gateway spent by its id, and `all`, their sum. `:held` has what each
 * gateway holds and until when that is believed (`AMOUNT:TIME`, by the server's own clock): who has crashed renews
 * nothing, so what it held comes back.
 *
 * What a gateway spent is told as its own total, never as a difference. So telling it again changes nothing, and a Redis
 * that lost everything has it back with the next word of each gateway.
 *
 * ARGV: time or '', lease in ms, gateway, `add` | `tell`, then for each account: ms to keep it, limit or '', own total
 * spent, amount, and what is known of others (`ID=SPENT,...`). `add` holds so much more (or less: no limit then), in all
 * accounts or in none. `tell` says what is held in all, and answers what others spent.
 *
 * Answers which account refused (from 1; 0: none), then for each: spent by all, held by all, own spent, own held,
 * whether it was known here before, and what others spent.
 */
export const accountsScript = redisScript(`
${clockAndWhole}local now, lease, gateway, mode = clock(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4]

local function raise(key, id, spent)
  local stored = redis.call('HMGET', key, id, 'all')
  local before, all = tonumber(stored[1] or ''), tonumber(stored[2] or '') or 0
  if before and before >= spent then return before, all end
  all = all + spent - (before or 0)
  redis.call('HSET', key, id, whole(spent), 'all', whole(all))
  return before, all
end

local function held(key)
  local all, own = 0, 0
  local fields = redis.call('HGETALL', key)
  for at = 1, #fields, 2 do
    local amount, lasts = string.match(fields[at + 1], '^(%d+):(%d+)$')
    if not amount or tonumber(lasts) <= now then redis.call('HDEL', key, fields[at])
    else
      all = all + tonumber(amount)
      if fields[at] == gateway then own = tonumber(amount) end
    end
  end
  return all, own
end

local function others(key)
  local fields, list = redis.call('HGETALL', key), {}
  for at = 1, #fields, 2 do
    if fields[at] ~= gateway and fields[at] ~= 'all' then list[#list + 1] = fields[at] .. '=' .. fields[at + 1] end
  end
  return table.concat(list, ',')
end

local accounts, refused = {}, 0
for index = 1, #KEYS / 2 do
  local at = index * 5
  local spentKey, heldKey = KEYS[2 * index - 1], KEYS[2 * index]
  local limit, own, amount = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  for id, spent in string.gmatch(ARGV[at + 4], '([^=,]+)=(%d+)') do
    if id ~= gateway then raise(spentKey, id, tonumber(spent)) end
  end
  local before, all = raise(spentKey, gateway, own)
  local allHeld, ownHeld = held(heldKey)
  if refused == 0 and limit and all + allHeld + math.max(1, amount) > limit then refused = index end
  accounts[index] = {
    spentKey = spentKey, heldKey = heldKey, keep = ARGV[at], amount = amount, known = before and 1 or 0,
    all = all, own = math.max(before or 0, own), allHeld = allHeld, ownHeld = ownHeld,
  }
end

local answer = { refused }
for _, each in ipairs(accounts) do
  local holds = each.ownHeld
  if mode == 'tell' then holds = each.amount elseif refused == 0 then holds = math.max(0, holds + each.amount) end
  if holds > 0 then redis.call('HSET', each.heldKey, gateway, whole(holds) .. ':' .. whole(now + lease))
  elseif each.ownHeld > 0 then redis.call('HDEL', each.heldKey, gateway) end
  redis.call('PEXPIRE', each.spentKey, each.keep)
  redis.call('PEXPIRE', each.heldKey, each.keep)
  for _, value in ipairs({ each.all, each.allHeld - each.ownHeld + holds, each.own, holds }) do
    answer[#answer + 1] = whole(value)
  end
  answer[#answer + 1] = each.known
  answer[#answer + 1] = mode == 'tell' and others(each.spentKey) or ''
end
return answer
`)

/** For scripts that decide by time: the server's own, or one handed in by tests; and numbers written without an exponent. */
export const clockAndWhole = `
local function clock(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function whole(number) return string.format('%.0f', number) end
`

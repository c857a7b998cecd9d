-- Some hosts for which ids wait, and what they wait for. Changes nothing.
--
-- KEYS  1 hosts:<stage>  zset: host -> when it is looked at next (ms)
-- ARGV  1 prefix of all keys ("...:")  2 stage  3 how many to leave out, those first that are looked at
--       soonest  4 how many at most
-- Returns {host, how many wait, reason, ...}. Reasons: away, busy (a request is open), ready (nobody has
-- taken it yet), else what step.lua noted when it was given back ("" by an older version).
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = {}
local first = tonumber(ARGV[3])
for _, host in ipairs(redis.call('ZRANGE', KEYS[1], first, first + tonumber(ARGV[4]) - 1)) do
  local facts = redis.call('HMGET', ARGV[1] .. 'host:' .. host, 'next', 'away', 'reason')
  local reason = facts[3] or ''
  if tonumber(facts[2] or 0) > now then
    reason = 'away'
  elseif redis.call('EXISTS', ARGV[1] .. 'busy:' .. host) == 1 then
    reason = 'busy'
  elseif tonumber(facts[1] or 0) <= now then
    reason = 'ready'
  end
  found[#found + 1] = host
  found[#found + 1] = redis.call('LLEN', ARGV[1] .. 'hostq:' .. ARGV[2] .. ':' .. host)
  found[#found + 1] = reason
end
return found

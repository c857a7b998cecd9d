-- Keep what is remembered of sites, within bounds: the sites least lately cleaned are forgotten first.
--
-- KEYS  1 sites  hash: host -> packed memory   2 sites:used  zset: host -> when it was last kept (ms)
--       3 sites:bytes  what all of them take, by the count below
-- ARGV  1 most bytes of all sites together  2 lifetime of a site that is cleaned no more (ms)
--       then per site: host, packed memory
-- Returns the number of sites that are remembered.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most, lifetime = tonumber(ARGV[1]), tonumber(ARGV[2])
-- what a host costs in both keys beside its name and its memory, generously
local ENTRY = 200

local bytes = 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  bytes = tonumber(redis.call('GET', KEYS[3]) or 0)
end

local function cost(host)
  if redis.call('HEXISTS', KEYS[1], host) == 0 then
    return 0
  end
  return redis.call('HSTRLEN', KEYS[1], host) + 2 * #host + ENTRY
end

local function forget(host)
  bytes = bytes - cost(host)
  redis.call('HDEL', KEYS[1], host)
  redis.call('ZREM', KEYS[2], host)
end

-- First what needs room: a full Redis refuses a script's first write, and nothing of it is done.
for n = 3, #ARGV, 2 do
  local host, memory = ARGV[n], ARGV[n + 1]
  bytes = bytes - cost(host)
  redis.call('HSET', KEYS[1], host, memory)
  bytes = bytes + cost(host)
  redis.call('ZADD', KEYS[2], now, host)
end
for _, host in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - lifetime)) do
  forget(host)
end
while bytes > most do
  local oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
  if not oldest then
    break
  end
  forget(oldest)
end
redis.call('SET', KEYS[3], bytes)
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, lifetime)
end
return redis.call('ZCARD', KEYS[2])

-- Take all ids from a host's queue, under lease: it will not be asked for a while.
--
-- KEYS  1 queue of the host  2 hosts:<stage>  3 in:<stage>  4 routed:<stage>  5 host hash
-- ARGV  1 host  2 lease (ms)  3 most
-- Returns {id, due (ms), ...}: each a time of its own, from when the host is free.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local facts = redis.call('HMGET', KEYS[5], 'next', 'booked', 'delay', 'latency', 'parallel')
local at = math.max(now, tonumber(facts[1] or 0), tonumber(facts[2] or 0))
local pace = math.max(20, (tonumber(facts[3] or 0) + tonumber(facts[4] or 0)) / tonumber(facts[5] or 1))
local found = {}
for _ = 1, tonumber(ARGV[3]) do
  local id = redis.call('LPOP', KEYS[1])
  if not id then
    break
  end
  redis.call('SREM', KEYS[4], id)
  redis.call('ZADD', KEYS[3], now + ARGV[2], id)
  found[#found + 1] = id
  found[#found + 1] = tostring(math.floor(at))
  at = at + pace
end
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
end
if #found > 0 then
  redis.call('HSET', KEYS[5], 'booked', math.floor(at))
end
return found

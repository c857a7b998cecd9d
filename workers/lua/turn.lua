-- A host for one request beside the queues: a robots.txt elsewhere, a feed that has moved.
--
-- KEYS  1 host hash  2 busy set      ARGV  1 stage  2 id  3 delay (ms)  4 parallel  5 prefix of all keys
--       6 lifetime of what is known of a host (ms)
-- Returns 0: the host is the caller's until it gives it back. Else: ms to wait before asking again;
-- until then, and a moment longer, the queues leave the host to those who asked.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local me, busy = ARGV[1] .. ' ' .. ARGV[2], 0
for _, holder in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  local stage, id = string.match(holder, '^(%S+) (%S+)$')
  local ends = redis.call('ZSCORE', ARGV[5] .. 'in:' .. stage, id)
  if holder == me then
    -- its own: a second request of one visit
  elseif ends and tonumber(ends) > now then
    busy = busy + 1
  else
    redis.call('SREM', KEYS[2], holder)
  end
end
local facts = redis.call('HMGET', KEYS[1], 'next', 'parallel')
local next = tonumber(facts[1] or 0)
if next > now or busy >= tonumber(facts[2] or ARGV[4]) then
  local wait = math.max(50, next - now)
  redis.call('HSET', KEYS[1], 'asker', math.floor(now + wait + 500))
  redis.call('PEXPIRE', KEYS[1], math.max(tonumber(ARGV[6]), wait))
  return math.floor(wait)
end
redis.call('HSET', KEYS[1], 'next', math.floor(now + ARGV[3]))
redis.call('HDEL', KEYS[1], 'asker')
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('SADD', KEYS[2], me)
redis.call('PEXPIRE', KEYS[2], 3600000)
return 0

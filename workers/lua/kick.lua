-- Whether a stage needs one more pump; if so, reserves its right to run.
--
-- KEYS  1 q  2 solo  3 in  4 pump  (as in claim.lua)   5 the broker's list of the stage's queue
--       6 hosts  zset of the stage's hosts (see route.lua); empty for stages that ask none
-- ARGV  1 most pumps  2 items that are worth a pump of their own  3 lifetime of an unused token (ms)  4 token
-- Returns 1: the caller publishes a pump with the token. 0: nothing to do.
--
-- While a wake-up waits in the broker's list no other is sent: with no worker running they would
-- pile up. One that was lost on the way only holds its place until its token ends.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- What ends later than a whole lease from now was given before the clock went back: it gets a whole lease.
for _, key in ipairs({ KEYS[3], KEYS[4] }) do
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', key, now + ARGV[3] + 1000, '+inf')) do
    redis.call('ZADD', key, now + ARGV[3], member)
  end
end
-- Also when there is no work: else the token of a pump that vanished would stay for ever.
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now)

local work = redis.call('LLEN', KEYS[1]) / ARGV[2] + redis.call('LLEN', KEYS[2])
  + redis.call('ZCOUNT', KEYS[3], '-inf', now)
  + redis.call('ZCOUNT', KEYS[6], '-inf', now + 100) / ARGV[2]
if work == 0 or redis.call('LLEN', KEYS[5]) > 0 then
  return 0
end
if redis.call('ZCARD', KEYS[4]) >= math.min(tonumber(ARGV[1]), math.ceil(work)) then
  return 0
end
redis.call('ZADD', KEYS[4], now + ARGV[3], ARGV[4])
return 1

-- The clock went back: what hosts wait for comes that much earlier, but nothing before now.
-- KEYS  1, 2 hosts:<stage>  then host hashes (see step.lua)      ARGV  1 how far it went back (ms)
-- Returns how many hosts had something ahead. The time that a host rests by right may end early by as
-- much as passed between two looks.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local back, found = tonumber(ARGV[1]), 0

for n = 1, 2 do
  local ahead = redis.call('ZRANGEBYSCORE', KEYS[n], '(' .. now, '+inf', 'WITHSCORES')
  for m = 1, #ahead, 2 do
    redis.call('ZADD', KEYS[n], math.max(now, ahead[m + 1] - back), ahead[m])
  end
end
for n = 3, #KEYS do
  local had = 0
  for _, field in ipairs({ 'next', 'booked', 'away', 'asker' }) do
    local at = tonumber(redis.call('HGET', KEYS[n], field) or 0)
    if at > now then
      had = 1
      redis.call('HSET', KEYS[n], field, math.floor(math.max(now, at - back)))
    end
  end
  found = found + had
end
return found

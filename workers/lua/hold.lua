-- Take or keep a lock with a lifetime.
-- KEYS  1 lock      ARGV  1 holder  2 lifetime (ms)      Returns 1 if the holder has it now.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  -- Lifetimes end by the time of day: after the clock went back this one would last as long as it jumped.
  if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[2]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
  end
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1

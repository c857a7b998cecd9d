-- Extend the leases that are still held, and the pump's own.
-- KEYS  1 in  2 pump      ARGV  1 lease (ms)  2 token  then ids
local time = redis.call('TIME')
local till = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
for n = 3, #ARGV do
  redis.call('ZADD', KEYS[1], 'XX', till, ARGV[n])
end
redis.call('ZADD', KEYS[2], 'XX', till, ARGV[2])
return 1

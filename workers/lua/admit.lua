-- Put ids into flight at a stage. An id that is in flight already stays where it is.
-- KEYS  1 live  set   2 q  list   3 since  zset: id -> when it came to the stage (ms)
-- ARGV  ids      Returns how many were new.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local new = 0
for _, id in ipairs(ARGV) do
  if redis.call('SADD', KEYS[1], id) == 1 then
    redis.call('LPUSH', KEYS[2], id)
    redis.call('ZADD', KEYS[3], now, id)
    new = new + 1
  end
end
return new

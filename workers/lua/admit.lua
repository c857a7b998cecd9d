-- Put ids into flight at a stage. An id that is in flight already stays where it is.
-- KEYS  1 live  set   2 q  list      ARGV  ids      Returns how many were new.
local new = 0
for _, id in ipairs(ARGV) do
  if redis.call('SADD', KEYS[1], id) == 1 then
    redis.call('LPUSH', KEYS[2], id)
    new = new + 1
  end
end
return new

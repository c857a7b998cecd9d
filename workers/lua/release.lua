-- Hand claimed ids back unworked: they are next in line, and nothing is held against them.
-- KEYS  1 q  2 solo  3 in  4 alone      ARGV  ids      Returns how many.
local back = 0
for _, id in ipairs(ARGV) do
  if redis.call('ZREM', KEYS[3], id) == 1 then
    back = back + 1
    local list = redis.call('SREM', KEYS[4], id) == 1 and KEYS[2] or KEYS[1]
    redis.call('RPUSH', list, id)
  end
end
return back

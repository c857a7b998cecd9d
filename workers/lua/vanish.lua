-- Give back what a process held that died: the worker that was its parent saw it die.
--
-- KEYS  1 q  2 solo  3 in  4 alone  5 lost  6 crash  7 dead  8 pump  9 cnt   (as in claim.lua)
--       10 seen  hash: id -> what was seen of its crashes, one JSON object a line
-- ARGV  1 stage  2 token  3 crashes (in the weights of claim.lua) until dead
--       4 id the process was at ("": not known)  5 weight of this crash while it travelled alone; one
--       that makes it dead also counts when it did not  6 what was seen
--       7 "1": the others were all it might have been, and one of them it was
--       then ids of the others
-- Returns {1 if the item is dead now, how many others were given back}.
local stage, id, weight, limit = ARGV[1], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[3])
local dead, back = 0, 0
redis.call('ZREM', KEYS[8], ARGV[2])

if id ~= '' and redis.call('ZREM', KEYS[3], id) == 1 then
  redis.call('HINCRBY', KEYS[5], id, 1)
  redis.call('HINCRBY', KEYS[9], stage .. ':lost', 1)
  local told = redis.call('HGET', KEYS[10], id)
  redis.call('HSET', KEYS[10], id, told and string.sub(told, -4000) .. '\n' .. ARGV[6] or ARGV[6])
  local crashes = 0
  if redis.call('SREM', KEYS[4], id) == 1 or weight >= limit then
    crashes = redis.call('HINCRBY', KEYS[6], id, weight)
  end
  if crashes >= limit then
    dead = 1
    redis.call('LPUSH', KEYS[7], stage .. ' ' .. id)
  else
    redis.call('LPUSH', KEYS[2], id)
  end
end

for n = 8, #ARGV do
  local other = ARGV[n]
  if redis.call('ZREM', KEYS[3], other) == 1 then
    back = back + 1
    local lost = 0
    if ARGV[7] == '1' then
      lost = redis.call('HINCRBY', KEYS[5], other, 1)
      redis.call('HINCRBY', KEYS[9], stage .. ':lost', 1)
    end
    if redis.call('SREM', KEYS[4], other) == 1 or lost > 1 then
      redis.call('LPUSH', KEYS[2], other)
    else
      redis.call('RPUSH', KEYS[1], other)
    end
  end
end
return { dead, back }

-- Report items of a stage and hand them on, each exactly once: whoever removes the lease hands on.
--
-- KEYS  1 in  2 alone  3 lost  4 crash  (as in claim.lua)
--       5 live  set: ids in flight   6 cnt  hash: counters   7 seen  (as in vanish.lua)
--       8 since  (as in admit.lua)
-- ARGV  1 stage  2 lifetime of payloads (ms)  3 prefix of payload keys ("...:pay:")
--       4 prefix of queue keys ("...:q:")  5 prefix of since keys
--       then per item: id, next stage ("" ends its flight), payload ("" for none)
-- Returns {reported, ids in flight now}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local reported, handed = 0, 0
-- Most of the time nothing was lost: then there is nothing to forget about single items.
local alone, lost = redis.call('EXISTS', KEYS[2]) == 1, redis.call('EXISTS', KEYS[3]) == 1
for n = 6, #ARGV, 3 do
  local id, to, payload = ARGV[n], ARGV[n + 1], ARGV[n + 2]
  if redis.call('ZREM', KEYS[1], id) == 1 then
    reported = reported + 1
    if alone then
      redis.call('SREM', KEYS[2], id)
    end
    if lost then
      redis.call('HDEL', KEYS[3], id)
      redis.call('HDEL', KEYS[4], id)
      redis.call('HDEL', KEYS[7], id)
    end
    redis.call('DEL', ARGV[3] .. ARGV[1] .. ':' .. id)
    redis.call('ZREM', KEYS[8], id)
    if to == '' then
      redis.call('SREM', KEYS[5], id)
    else
      if payload ~= '' then
        redis.call('SET', ARGV[3] .. to .. ':' .. id, payload, 'PX', ARGV[2])
      end
      redis.call('LPUSH', ARGV[4] .. to, id)
      redis.call('ZADD', ARGV[5] .. to, now, id)
      handed = handed + 1
    end
  end
end
if reported > 0 then
  redis.call('HINCRBY', KEYS[6], ARGV[1] .. ':done', reported)
  -- Items that were put off, or withdrawn, are not handed on.
  redis.call('HINCRBY', KEYS[6], ARGV[1] .. ':handed', handed)
end
return { reported, redis.call('SCARD', KEYS[5]) }

-- Put claimed ids into the queues of their hosts; say when those come that a queue has no room for.
--
-- KEYS  1 in:<stage>   2 hosts:<stage>  zset: host -> when it may be asked next (ms)
--       3 routed:<stage>  set: ids in the queues of hosts
-- ARGV  1 stage  2 prefix of all keys ("...:")  3 ids that all hosts together may hold
--       4 lifetime of what is known of a host (ms)  5 lifetime of payloads (ms)
--       then per id: id, host, delay (ms), parallel, payload ("": none), where in the queue: first,
--       last, or room (last, if there is room for it). A host that is held for long takes only the first
-- Returns {id, due (ms), ...} for those that stay with the caller: their host's turn comes later
-- than a queue should hold. Each gets a time of its own, one after the other.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- Ids that wait here fill the window, where others could pass: a host holds what it needs for
-- some seconds, and less when there are many hosts.
local COVERED, FAR = 4000, 15000
local surplus = {}

for n = 6, #ARGV, 6 do
  local id, host, delay, parallel = ARGV[n], ARGV[n + 1], tonumber(ARGV[n + 2]), tonumber(ARGV[n + 3])
  local known = ARGV[2] .. 'host:' .. host
  local queue = ARGV[2] .. 'hostq:' .. ARGV[1] .. ':' .. host
  local facts = redis.call('HMGET', known, 'next', 'booked', 'delay', 'latency')
  local free = math.max(now, tonumber(facts[1] or 0))
  if not facts[3] or tonumber(facts[3]) < delay then
    redis.call('HSET', known, 'delay', delay)
  end
  redis.call('HSET', known, 'parallel', parallel)
  redis.call('PEXPIRE', known, ARGV[4])
  local pace = math.max(20, (math.max(delay, tonumber(facts[3] or 0)) + tonumber(facts[4] or 0)) / parallel)
  local waiting = redis.call('LLEN', queue)
  local share = tonumber(ARGV[3]) / (redis.call('ZCARD', KEYS[2]) + 1)
  local room = math.max(2, math.min(math.ceil(COVERED / pace) + 2, math.floor(share)))
  local where = ARGV[n + 5]
  if (where == 'room' and waiting >= room) or (where ~= 'first' and free - now > FAR) then
    local at = math.max(tonumber(facts[2] or 0), free + waiting * pace)
    redis.call('HSET', known, 'booked', math.floor(at + pace))
    surplus[#surplus + 1] = id
    surplus[#surplus + 1] = tostring(math.floor(at))
  elseif redis.call('ZREM', KEYS[1], id) == 1 then
    redis.call(where == 'first' and 'LPUSH' or 'RPUSH', queue, id)
    redis.call('SADD', KEYS[3], id)
    if ARGV[n + 4] ~= '' then
      redis.call('SET', ARGV[2] .. 'pay:' .. ARGV[1] .. ':' .. id, ARGV[n + 4], 'PX', ARGV[5])
    end
    redis.call('ZADD', KEYS[2], 'NX', free, host)
  end
end
return surplus

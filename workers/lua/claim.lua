-- Take up to a batch of a stage's items under a lease, with their payloads.
--
-- KEYS  1 q      list: ids that wait for this stage, taken from the right
--       2 solo   list: suspects, at which a process died or which were lost twice; they travel
--                alone, so that one that kills its process takes no other with it
--       3 in     zset: id -> end of its lease (ms)
--       4 alone  set: ids that were claimed from solo
--       5 lost   hash: id -> leases that ended without a report
--       6 crash  hash: id -> losses while alone, weighed: 3 for a death that its worker saw (see
--                vanish.lua), 1 for a lease that just ended: then the whole worker was gone
--       7 dead   list: "stage id" of items that crashed too often, for the coordinator
--       8 pump   zset: token -> end of its right to run (ms)
--       9 cnt    hash: counters
-- ARGV  1 stage  2 most ids  3 lease (ms)  4 token  5 weighed crashes until dead  6 prefix of payload keys
--       7 "1": the pump stays a moment even if there is nothing  8 most bytes of payloads; one
--       item may be larger
-- Returns {id, times lost, payload or false, ...}. Empty: the token is given back, unless it stays.
-- Given back in the same step, so that no item that arrives just then is left without a pump.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 200)) do
  redis.call('ZREM', KEYS[3], id)
  local lost = redis.call('HINCRBY', KEYS[5], id, 1)
  redis.call('HINCRBY', KEYS[9], ARGV[1] .. ':lost', 1)
  local crashes = 0
  if redis.call('SREM', KEYS[4], id) == 1 then
    crashes = redis.call('HINCRBY', KEYS[6], id, 1)
  end
  if crashes >= tonumber(ARGV[5]) then
    redis.call('LPUSH', KEYS[7], ARGV[1] .. ' ' .. id)
  elseif lost > 1 then
    redis.call('LPUSH', KEYS[2], id)
  else
    -- Whole workers are killed by people and machines, seldom by an item: it is next in line.
    redis.call('RPUSH', KEYS[1], id)
  end
end

local claimed, leases, bytes = {}, {}, 0
local lost = redis.call('EXISTS', KEYS[5]) == 1
local function take(id)
  leases[#leases + 1] = now + ARGV[3]
  leases[#leases + 1] = id
  claimed[#claimed + 1] = id
  claimed[#claimed + 1] = lost and redis.call('HGET', KEYS[5], id) or '0'
  claimed[#claimed + 1] = redis.call('GET', ARGV[6] .. id)
end

local suspect = redis.call('RPOP', KEYS[2])
if suspect then
  redis.call('SADD', KEYS[4], suspect)
  take(suspect)
else
  -- A short queue is shared: the next pump shall not find it empty while this one is busy.
  local fair = redis.call('LLEN', KEYS[1])
  if fair < 64 and ARGV[1] ~= 'store' then
    fair = math.max(4, math.ceil(fair / 2))
  end
  for _ = 1, math.min(tonumber(ARGV[2]), fair) do
    local id = redis.call('LINDEX', KEYS[1], -1)
    if not id then
      break
    end
    -- A reply is built in memory: with large pages a full batch would be hundreds of megabytes.
    bytes = bytes + redis.call('STRLEN', ARGV[6] .. id)
    if #claimed > 0 and bytes > tonumber(ARGV[8]) then
      break
    end
    redis.call('RPOP', KEYS[1])
    take(id)
  end
end

if #claimed > 0 then
  redis.call('ZADD', KEYS[3], unpack(leases))
end
if #claimed > 0 or ARGV[7] == '1' then
  redis.call('ZADD', KEYS[8], now + ARGV[3], ARGV[4])
else
  redis.call('ZREM', KEYS[8], ARGV[4])
end
return claimed

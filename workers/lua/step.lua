-- One look at the frontier: give hosts back that were asked, take ids whose host may be asked now.
-- Spacing and the number of requests at once hold by construction: only this script and turn.lua
-- hand out a host, and they hand it out while nobody else has it and its pause is over.
--
-- KEYS  1 hosts:<stage>  2 in:<stage>  3 pump:<stage>  4 alone:<stage>  5 lost:<stage>
--       6 routed:<stage>  7 cnt
-- ARGV  1 stage  2 prefix of all keys  3 most ids to take  4 lease (ms)  5 token
--       6 "1": the caller has no request open, so it may take an id that must travel alone
--       7 "1": the caller stays, whatever it gets  8 lifetime of what is known of a host (ms)
--       9 how many hosts are given back; then for each: host, id, delay (ms), how long ago its
--       last answer ended (ms), how long that took (ms, -1: nothing was asked), what it was ("", ok,
--       slow_down, away), least hold (ms), first hold (ms), longest hold (ms), why (packed, for away),
--       and what it waits for after this (see hosts.lua)
-- Returns {ms until a host is ready (-1: none waits), 1 if one waits that must travel alone,
--          then per id: id, host, times lost, why its host is away ("": it is not), payload}
--
-- A host hash: next, delay, parallel, latency, strikes, away, why, booked (see route.lua), asker, reason.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stages = { 'fetch', 'poll' }

local function key(...)
  return ARGV[2] .. table.concat({ ... }, ':')
end

-- When a host's queue of any stage has something, it is looked at again then.
local function look_again(host, at)
  for _, stage in ipairs(stages) do
    if redis.call('EXISTS', key('hostq', stage, host)) == 1 then
      redis.call('ZADD', key('hosts', stage), at, host)
    end
  end
end

local function give_back(n)
  local host, id, took, result = ARGV[n], ARGV[n + 1], tonumber(ARGV[n + 4]), ARGV[n + 5]
  local known = key('host', host)
  redis.call('SREM', key('busy', host), ARGV[1] .. ' ' .. id)
  if took < 0 then
    -- Nothing was asked of it, so that it needs no pause; another request may have begun one.
    if redis.call('SCARD', key('busy', host)) == 0 then
      redis.call('HSET', known, 'next', now)
    end
    look_again(host, now)
    return
  end
  local facts = redis.call('HMGET', known, 'latency', 'strikes', 'next')
  local latency, strikes = tonumber(facts[1] or 0), tonumber(facts[2] or 0)
  -- Media Cloud's scoreboard: a moving average, and a pause of a quarter of it at least.
  latency = latency == 0 and took or latency + (took - latency) / 4
  local is_away = false
  local at = now - tonumber(ARGV[n + 3]) + math.max(tonumber(ARGV[n + 2]), latency / 4)
  if result == 'ok' then
    strikes = 0
    redis.call('HDEL', known, 'away', 'why')
  elseif result ~= '' then
    local hold = math.min(tonumber(ARGV[n + 8]), tonumber(ARGV[n + 7]) * 2 ^ math.min(strikes, 30))
    hold = math.max(hold, tonumber(ARGV[n + 6]))
    strikes = strikes + 1
    if result == 'away' then
      -- One refusal may be chance; from the second on the host is away for everyone.
      if strikes > 1 then
        is_away = true
        redis.call('HSET', known, 'away', math.floor(now + hold), 'why', ARGV[n + 9])
      end
    else
      at = math.max(at, now + hold)
    end
  end
  -- With several requests at once another one may have set a later time.
  if at >= tonumber(facts[3] or 0) then
    redis.call('HSET', known, 'reason', ARGV[n + 10])
  end
  at = math.floor(math.max(at, tonumber(facts[3] or 0)))
  redis.call('HSET', known, 'next', at, 'delay', ARGV[n + 2], 'latency', math.floor(latency), 'strikes', strikes)
  redis.call('PEXPIRE', known, math.max(tonumber(ARGV[8]), at - now + 60000))
  look_again(host, is_away and now or at)
end

for n = 10, 9 + 11 * tonumber(ARGV[9]), 11 do
  give_back(n)
end

-- Who has a host now. A holder without a lease is gone; its request may still run for a moment.
local function holders(host)
  local count, busy = 0, key('busy', host)
  for _, holder in ipairs(redis.call('SMEMBERS', busy)) do
    local stage, id = string.match(holder, '^(%S+) (%S+)$')
    local ends = redis.call('ZSCORE', key('in', stage), id)
    if ends and tonumber(ends) > now then
      count = count + 1
    else
      redis.call('SREM', busy, holder)
    end
  end
  return count
end

local want, claimed, suspect = tonumber(ARGV[3]), {}, 0

local function take(id, host, why)
  redis.call('SREM', KEYS[6], id)
  redis.call('ZADD', KEYS[2], now + ARGV[4], id)
  claimed[#claimed + 1] = id
  claimed[#claimed + 1] = host
  claimed[#claimed + 1] = redis.call('HGET', KEYS[5], id) or '0'
  claimed[#claimed + 1] = why
  claimed[#claimed + 1] = redis.call('GET', key('pay', ARGV[1], id))
  want = want - 1
end

-- Whether a host's next id was taken.
local function hand_out(host)
  local known, queue = key('host', host), key('hostq', ARGV[1], host)
  local facts = redis.call('HMGET', known, 'next', 'delay', 'parallel', 'away', 'why', 'asker')
  if facts[4] and tonumber(facts[4]) > now then
    -- Nothing will be asked of it: all that wait for it learn so at once.
    while want > 0 do
      local id = redis.call('LPOP', queue)
      if not id then
        redis.call('ZREM', KEYS[1], host)
        return
      end
      take(id, host, facts[5] or '')
    end
    return
  end
  local next, parallel = tonumber(facts[1] or 0), tonumber(facts[3] or 1)
  if facts[6] and tonumber(facts[6]) > now then
    next = math.max(next, tonumber(facts[6]))
  end
  local busy = next <= now and holders(host) or 0
  if next > now or busy >= parallel then
    redis.call('ZADD', KEYS[1], math.max(next, now + 250), host)
    return
  end
  local id = redis.call('LPOP', queue)
  if not id then
    redis.call('ZREM', KEYS[1], host)
    return
  end
  if redis.call('SISMEMBER', KEYS[4], id) == 1 then
    if ARGV[6] ~= '1' or #claimed > 0 then
      suspect = 1
      redis.call('LPUSH', queue, id)
      redis.call('ZADD', KEYS[1], now + 250, host)
      return
    end
    want = 1
  end
  local at = math.floor(now + tonumber(facts[2] or 0))
  redis.call('HSET', known, 'next', at)
  redis.call('SADD', key('busy', host), ARGV[1] .. ' ' .. id)
  redis.call('PEXPIRE', key('busy', host), 3600000)
  take(id, host, '')
  if redis.call('EXISTS', queue) == 0 then
    redis.call('ZREM', KEYS[1], host)
  else
    -- With one request at once it is looked at when it is given back; this is for a lost holder.
    redis.call('ZADD', KEYS[1], busy + 1 < parallel and at or math.max(at, now + 1000), host)
  end
end

if want > 0 then
  for _, host in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, want * 2)) do
    if want < 1 then
      break
    end
    hand_out(host)
  end
end

if #claimed > 0 or ARGV[7] == '1' then
  redis.call('ZADD', KEYS[3], now + ARGV[4], ARGV[5])
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local wait = first[2] and math.max(0, tonumber(first[2]) - now) or -1
local found = { math.floor(wait), suspect }
for _, one in ipairs(claimed) do
  found[#found + 1] = one
end
return found

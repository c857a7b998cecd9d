-- Requests of a client, as long as its bucket has room for them.
--
-- KEYS  1 when the bucket will be full again (µs); ends then
-- ARGV  1 µs that a request takes  2 µs of a whole bucket  3 of what is left, one part in so many is given at once
-- Returns {requests that may pass, 0: none; µs until the bucket is full again}.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local each, whole = tonumber(ARGV[1]), tonumber(ARGV[2])
-- What lies farther ahead than a whole bucket was written before the clock went back.
local full = math.min(math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now), now + whole)
local left = math.floor((now + whole - full) / each)
local given = math.min(left, math.max(1, math.floor(left / ARGV[3])))
if given > 0 then
  full = full + given * each
  redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.max(1, math.ceil((full - now) / 1000)))
end
return { given, full - now }

-- Ids in flight that are in no queue, under no lease, and not dead: they begin again.
--
-- No script leaves an id so; a Redis that lost single keys, or came back with part of its data, may.
-- KEYS  1 live  2 dead  3 q of the first stage, then lists, sets and zsets that hold ids
-- ARGV  1 how many of the keys from the third on are lists  2 how many, behind those, are sets
-- Returns how many there were.
local known = {}
local lists, sets = tonumber(ARGV[1]), tonumber(ARGV[2])
for _, entry in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  known[string.match(entry, '%S+$')] = true
end
for n = 3, #KEYS do
  local ids
  if n < 3 + lists then
    ids = redis.call('LRANGE', KEYS[n], 0, -1)
  elseif n < 3 + lists + sets then
    ids = redis.call('SMEMBERS', KEYS[n])
  else
    ids = redis.call('ZRANGE', KEYS[n], 0, -1)
  end
  for _, id in ipairs(ids) do
    known[id] = true
  end
end
local adrift = 0
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if not known[id] then
    redis.call('LPUSH', KEYS[3], id)
    adrift = adrift + 1
  end
end
return adrift

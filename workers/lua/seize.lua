-- Take ids from where they wait in a stage, under lease: their job was cancelled.
--
-- KEYS  1 q  2 solo  3 in   (as in claim.lua)   4 routed:<stage>  5 hosts:<stage>  (as in route.lua)
-- ARGV  1 lease (ms)  2 prefix of the queues of the stage's hosts ("...:hostq:<stage>:")  then ids
-- Returns those that waited here. What a pump holds stays with it.
local time = redis.call('TIME')
local ends = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
local wanted, taken, routed = {}, {}, false
for n = 3, #ARGV do
  wanted[ARGV[n]] = true
  routed = redis.call('SREM', KEYS[4], ARGV[n]) == 1 or routed
end

-- A list without those that are wanted. Written anew: removing them one by one reads it each time.
local function sift(list)
  local rest, found = {}, false
  for _, id in ipairs(redis.call('LRANGE', list, 0, -1)) do
    if wanted[id] then
      redis.call('ZADD', KEYS[3], ends, id)
      taken[#taken + 1] = id
      found = true
    else
      rest[#rest + 1] = id
    end
  end
  if found then
    redis.call('DEL', list)
    for n = 1, #rest, 1000 do
      redis.call('RPUSH', list, unpack(rest, n, math.min(n + 999, #rest)))
    end
  end
  return #rest == 0
end

sift(KEYS[1])
sift(KEYS[2])
if routed then
  for _, host in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
    if sift(ARGV[2] .. host) then
      redis.call('ZREM', KEYS[5], host)
    end
  end
end
return taken

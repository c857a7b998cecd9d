-- Forget when hosts will have time for what went back to its row (see route.lua).
-- KEYS  host hashes
for _, host in ipairs(KEYS) do
  redis.call('HDEL', host, 'booked')
end
return #KEYS

-- Takes expired holds of one tenant for one sweeper: their expiry is put off while it works on them.
-- KEYS  1 holds, 2 expiry      ARGV  1 at most, 2 time the claim lasts (ms)
-- Reply {number of holds that are left, request id, record, ...}
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local claimed = { 0 }
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, ARGV[1])) do
  local record = redis.call('HGET', KEYS[1], id)
  if record and record ~= 'x' then
    redis.call('ZADD', KEYS[2], now + tonumber(ARGV[2]), id)
    claimed[#claimed + 1] = id
    claimed[#claimed + 1] = record
  else
    redis.call('HDEL', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
  end
end
claimed[1] = redis.call('HLEN', KEYS[1])
return claimed

-- Registers running holds of one tenant again (after the server forgot them) and puts off their expiry. Idempotent.
-- KEYS  1 epoch, 2 holds, 3 expiry; then per scope: its window, its rates
-- ARGV  1 new epoch, 2 opening time (ms), 3 number of scopes; per scope: the window's time to live (ms); then per
--       hold: request id, amount, time to live (ms), record, number of its scopes, their numbers
-- Reply the epoch in which the holds are now registered
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local scopes = tonumber(ARGV[3])

local epoch = redis.call('HGET', KEYS[1], 'id')
if not epoch then
  epoch = ARGV[1]
  redis.call('HSET', KEYS[1], 'id', epoch, 'opens', now + tonumber(ARGV[2]))
end

local at = 4 + scopes
while at <= #ARGV do
  local id, amount, ttl, record, count = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3], tonumber(ARGV[at + 4])
  local known = redis.call('HGET', KEYS[2], id)
  if not known then
    redis.call('HSET', KEYS[2], id, record)
    for i = 1, count do
      local scope = tonumber(ARGV[at + 4 + i])
      local windowKey, rateKey = KEYS[2 + 2 * scope], KEYS[3 + 2 * scope]
      redis.call('HINCRBY', windowKey, 'held', amount)
      redis.call('PEXPIRE', windowKey, ARGV[3 + scope])
      redis.call('HINCRBY', rateKey, 'live', 1)
      redis.call('PEXPIRE', rateKey, ttl * 2 + 120000)
    end
  end
  if known ~= 'x' then
    redis.call('ZADD', KEYS[3], now + ttl, id)
  end
  at = at + 5 + count
end
return epoch

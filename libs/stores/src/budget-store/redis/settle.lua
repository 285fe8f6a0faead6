-- Ends holds of one tenant and raises its windows to the ledger's totals. Idempotent, and indifferent to order:
-- a total is applied by its version, never added.
-- KEYS  1 holds, 2 expiry; then per scope: its window, its rates
-- ARGV  1 'settle' or 'cancel', 2 time a cancellation is remembered (ms), 3 number of scopes; per scope: the ledger's
--       total, its version ('' when unknown), tokens/min, the window's time to live (ms); then per hold: request id, tokens really used, number of
--       its scopes, their numbers
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local scopes = tonumber(ARGV[3])

for i = 1, scopes do
  local key, total, version = KEYS[1 + 2 * i], ARGV[4 * i], tonumber(ARGV[4 * i + 1])
  if version then
    -- Also where the window is not seeded yet: a seed that was read before this total must not pass for newer.
    local current = tonumber(redis.call('HGET', key, 'version'))
    if not current or version > current then
      redis.call('HSET', key, 'settled', total, 'version', version)
      redis.call('PEXPIRE', key, ARGV[4 * i + 3])
    end
  end
end

local function giveBack(scope, amount, tokens)
  redis.call('HINCRBY', KEYS[1 + 2 * scope], 'held', 0 - amount)
  local rateKey, perMinute = KEYS[2 + 2 * scope], tonumber(ARGV[4 * scope + 2])
  if redis.call('HINCRBY', rateKey, 'live', -1) < 0 then
    redis.call('HSET', rateKey, 'live', 0)
  end
  if perMinute and tokens ~= 0 then
    local level = tonumber(redis.call('HGET', rateKey, 'level'))
    if level then
      redis.call('HSET', rateKey, 'level', math.min(perMinute, level + tokens))
    end
  end
end

local at = 4 + 4 * scopes
while at <= #ARGV do
  local id, used, count = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local record = redis.call('HGET', KEYS[1], id)
  if record and record ~= 'x' then
    local amount, tokens = string.match(record, '^(%d+)|(%d+)|')
    redis.call('HDEL', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
    for i = 1, count do
      giveBack(tonumber(ARGV[at + 2 + i]), tonumber(amount), tonumber(tokens) - used)
    end
  elseif not record and ARGV[1] == 'cancel' then
    -- The hold itself may still be on its way: leave a mark that keeps it from coming to life.
    redis.call('HSET', KEYS[1], id, 'x')
    redis.call('ZADD', KEYS[2], now + tonumber(ARGV[2]), id)
  end
  at = at + 3 + count
end
return 1

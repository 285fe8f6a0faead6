-- Recounts held money and running calls of one tenant from its hold records, and sets settled to the ledger's totals.
-- KEYS  1 holds; then per scope: its window, its rates
-- ARGV  per scope: its name in the records, the ledger's total, its version
-- Reply the money that was off, over all windows (nano-USD)
local held, live = {}, {}
local records = redis.call('HVALS', KEYS[1])
for _, record in ipairs(records) do
  local amount, json = string.match(record, '^(%d+)|%d+|(.*)$')
  if amount then
    for _, name in ipairs(cjson.decode(json).windows) do
      held[name] = (held[name] or 0) + tonumber(amount)
      live[name] = (live[name] or 0) + 1
    end
  end
end

local drift = 0
for i = 1, #ARGV / 3 do
  local name, total, version = ARGV[3 * i - 2], tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local window = redis.call('HMGET', KEYS[2 * i], 'settled', 'held', 'version')
  local settled, counted, known = tonumber(window[1]), tonumber(window[2]) or 0, tonumber(window[3])
  local right = held[name] or 0
  if counted ~= right then
    drift = drift + math.abs(counted - right)
    redis.call('HSET', KEYS[2 * i], 'held', right)
  end
  if redis.call('EXISTS', KEYS[2 * i + 1]) == 1 then
    redis.call('HSET', KEYS[2 * i + 1], 'live', live[name] or 0)
  end
  -- A higher version here than the caller read is only newer; the same version with another sum is damage.
  if known and (version > known or (version == known and settled ~= total)) then
    drift = drift + math.abs(settled - total)
    redis.call('HSET', KEYS[2 * i], 'settled', total, 'version', version)
  end
end
return drift

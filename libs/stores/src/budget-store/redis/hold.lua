-- Reserves one call in all its scopes, or in none.
-- KEYS  1 epoch, 2 holds, 3 expiry; then per scope: its window, its rates
-- ARGV  1 request id, 2 amount (nano-USD), 3 tokens, 4 time to live (ms), 5 record, 6 opening time (ms); then per
--       scope, with commas: budget, requests/min, tokens/min, concurrency, the window's time to live (ms), and the
--       ledger's total and version as a seed; empty where there is none
-- Reply {'cold', epoch, wait ms} | {'unseeded', epoch, scope numbers...} | {'cancelled', epoch}
--       | {'refused', epoch, reason, scope number, limit, used, held, retry ms (-1: never)}
--       | {'held', epoch, budget left, tenant's budget left, requests left, reset ms, tokens left, reset ms}   (-1: no limit)
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local id, amount, tokens, ttl = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local scopes = #ARGV - 6
local MINUTE = 60000

-- No epoch: this server has forgotten everything. Admission waits until every gateway has had the time to
-- register its running holds again.
local epoch = redis.call('HMGET', KEYS[1], 'id', 'opens')
if not epoch[1] then
  redis.call('HSET', KEYS[1], 'id', id, 'opens', now + tonumber(ARGV[6]))
  return { 'cold', id, tonumber(ARGV[6]) }
end
if tonumber(epoch[2]) > now then
  return { 'cold', epoch[1], tonumber(epoch[2]) - now }
end

-- A second delivery of the same hold is a success; one that was cancelled meanwhile must not come to life.
local known = redis.call('HGET', KEYS[2], id)
if known == 'x' then
  return { 'cancelled', epoch[1] }
end

local limits = {}
for i = 1, scopes do
  limits[i] = { string.match(ARGV[6 + i], '^(%d*),(%d*),(%d*),(%d*),(%d*),(%d*),(%d*)$') }
end
local function arg(scope, offset)
  return tonumber(limits[scope][offset])
end

local windows, unseeded = {}, {}
for i = 1, scopes do
  local key = KEYS[2 + 2 * i]
  local window = redis.call('HMGET', key, 'settled', 'held', 'version')
  local settled, held, version = tonumber(window[1]), tonumber(window[2]) or 0, tonumber(window[3])
  local total, seed = arg(i, 6), arg(i, 7)
  if seed and (not version or seed > version) then
    redis.call('HSET', key, 'settled', total, 'version', seed)
    settled, version = total, seed
  end
  if not version then
    unseeded[#unseeded + 1] = i
  end
  windows[i] = { settled = settled or 0, held = held }
end
if #unseeded > 0 then
  return { 'unseeded', epoch[1], unpack(unseeded) }
end

-- Check everything before anything is written: a refusal consumes nothing.
local budgetLeft, tenantLeft = -1, -1
for i = 1, scopes do
  local limit, window = arg(i, 1), windows[i]
  if limit then
    local left = limit - window.settled - window.held
    if not known then
      if left < amount then
        return { 'refused', epoch[1], 'budget', i, limit, window.settled, window.held, -1 }
      end
      left = left - amount
    end
    left = math.max(left, 0)
    if budgetLeft < 0 or left < budgetLeft then
      budgetLeft = left
    end
    if i == 1 then
      tenantLeft = left
    end
  end
end

local rates = {}
for i = 1, scopes do
  local stored = redis.call('HMGET', KEYS[3 + 2 * i], 'tat', 'level', 'at', 'live')
  local rate = { live = tonumber(stored[4]) or 0, requestsLeft = -1, requestsReset = 0, tokensLeft = -1, tokensReset = 0 }
  local perMinute, tokenLimit, concurrency = arg(i, 2), arg(i, 3), arg(i, 4)
  -- Requests: the generic cell rate algorithm (ITU-T I.371) with a burst of one minute's worth.
  if perMinute then
    if perMinute == 0 then
      return { 'refused', epoch[1], 'requests', i, 0, 0, 0, -1 }
    end
    local interval = MINUTE / perMinute
    local tat = math.max(tonumber(stored[1]) or 0, now) + (known and 0 or interval)
    if tat - MINUTE > now then
      return { 'refused', epoch[1], 'requests', i, perMinute, perMinute, 0, math.ceil(tat - MINUTE - now) }
    end
    rate.tat, rate.requestsLeft, rate.requestsReset = tat, math.floor((now - (tat - MINUTE)) / interval), math.ceil(tat - now)
  end
  if concurrency and not known and rate.live >= concurrency then
    return { 'refused', epoch[1], 'concurrency', i, concurrency, rate.live, 0, concurrency == 0 and -1 or 1000 }
  end
  -- Tokens: a bucket that holds one minute's worth and refills evenly.
  if tokenLimit then
    local perMs = tokenLimit / MINUTE
    local level = math.min(tokenLimit, (tonumber(stored[2]) or tokenLimit) + (now - (tonumber(stored[3]) or now)) * perMs)
    if not known then
      if tokens > level then
        local retry = tokens > tokenLimit and -1 or math.ceil((tokens - level) / perMs)
        return { 'refused', epoch[1], 'tokens', i, tokenLimit, math.ceil(tokenLimit - level), 0, retry }
      end
      level = level - tokens
    end
    rate.level, rate.tokensLeft, rate.tokensReset = level, math.floor(level), perMs > 0 and math.ceil((tokenLimit - level) / perMs) or 0
  end
  rates[i] = rate
end

if not known then
  redis.call('HSET', KEYS[2], id, ARGV[5])
  redis.call('ZADD', KEYS[3], now + ttl, id)
  for i = 1, scopes do
    local windowKey, rateKey, rate = KEYS[2 + 2 * i], KEYS[3 + 2 * i], rates[i]
    redis.call('HINCRBY', windowKey, 'held', amount)
    redis.call('PEXPIRE', windowKey, arg(i, 5))
    local fields = { 'live', math.max(rate.live, 0) + 1 }
    if rate.tat then
      fields[3], fields[4] = 'tat', rate.tat
    end
    if rate.level then
      local n = #fields
      fields[n + 1], fields[n + 2], fields[n + 3], fields[n + 4] = 'level', rate.level, 'at', now
    end
    redis.call('HSET', rateKey, unpack(fields))
    redis.call('PEXPIRE', rateKey, ttl * 2 + 2 * MINUTE)
  end
end
local first = rates[1]
return { 'held', epoch[1], budgetLeft, tenantLeft, first.requestsLeft, first.requestsReset, first.tokensLeft, first.tokensReset }

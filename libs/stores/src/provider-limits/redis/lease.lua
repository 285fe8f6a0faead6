-- Leases permits to call a model provider: the generic cell rate algorithm (ITU-T I.371).
-- KEYS  1 the time (ms) at which the next permit would be due if they came evenly
-- ARGV  1 requests per minute, 2 permits wanted, 3 burst (ms)
-- Reply {permits granted, microseconds until one more can be had}
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local interval, burst = 60000 / tonumber(ARGV[1]), tonumber(ARGV[3])
-- Fractions of a millisecond do not add up exactly: a microsecond either way is forgiven.
local SLACK = 0.001
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
if due > now + burst + SLACK then
  -- The server's clock was set back, or the limit changed: nothing must be refused until that time comes.
  due = now + burst
  redis.call('SET', KEYS[1], due, 'PX', math.ceil(burst) + 1)
end
local granted = math.min(tonumber(ARGV[2]), math.max(0, math.floor((now + burst + SLACK - due) / interval)))
if granted > 0 then
  due = due + granted * interval
  redis.call('SET', KEYS[1], due, 'PX', math.ceil(due - now) + 1)
end
return { granted, math.max(0, math.ceil((due + interval - burst - now) * 1000)) }

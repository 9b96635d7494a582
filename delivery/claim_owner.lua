-- Claims the names of a site for one service, or tells whose they are. In one step, so that of two only one has them.
--
-- KEYS: the owner, and its sign of life. ARGV: id of the service; what is written of it, JSON with that id; how long its
-- sign of life holds, in milliseconds; 1 where it may take the place of an owner that shows none.
-- Gives {1 where they are another's; what is written of it; 1 where it shows a sign of life}.

local owner, sign = KEYS[1], KEYS[2]
local id, written, holds_ms, may_replace = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local found = redis.call('GET', owner)
local is_alive = redis.call('EXISTS', sign)
local known = found and string.match(found, '"id": ?"([^"]*)"')
if found and known ~= id and (is_alive == 1 or may_replace ~= '1') then
  return {1, found, is_alive}
end
if found ~= written then
  redis.call('SET', owner, written)
end
redis.call('SET', sign, id, 'PX', holds_ms)
return {0, '', 1}

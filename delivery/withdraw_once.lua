-- Takes a document back, once, however often it is asked to. Everything in here happens, or nothing does.
--
-- KEYS: done key of the event; the stream of withdrawals, and the count of its entries; the document's latest; then the
-- keys of the reports and readings that go, and the done keys of the events that are taken back.
-- ARGV: the event; the fields of an entry that hold it, and its number; the channel; the last revision that is taken back;
-- how many keys go.
-- Gives the event's entry.
--
-- The done key stays for ever: withdrawals are few, and one that came again would take back what came after it.

local done, stream, count, latest = unpack(KEYS)
local event, field, number_field, channel, last, going = unpack(ARGV)

local entry = redis.call('GET', done)
if entry then
  return entry
end
local number = redis.call('INCR', count)
entry = redis.pcall('XADD', stream, '*', field, event, number_field, number)
if type(entry) == 'table' and entry.err then
  redis.call('SET', count, number - 1)
  return entry
end
redis.call('SET', done, entry)
for place = 5, 4 + going do
  redis.call('DEL', KEYS[place])
end
-- Where Redis does not know them, because it has lost them or gets the two streams in another order, they stay away.
for place = 5 + going, #KEYS do
  redis.call('SETNX', KEYS[place], entry)
end
if (tonumber(redis.call('GET', latest) or 0) or 0) <= tonumber(last) then
  redis.call('DEL', latest)
end
redis.call('PUBLISH', channel, event)
return entry

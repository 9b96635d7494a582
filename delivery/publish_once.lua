-- Publishes one event, once, however often it is asked to. Everything in here happens, or nothing does.
--
-- KEYS  1 done key of the event   2 done key of the event that would contradict it   3 the event's stream
--       4 outcomes stream   5 the report's key   6 the document's latest key   7 count of the stream's entries
-- ARGV  1 event   2 field name   3 most entries of the stream, 0 for all   4 report, '' for a failure
--       5 seconds that a report is kept, 0 for ever   6 revision   7 outcome of this event, '' for none
--       8 outcome of the contradicting event   9 most entries of the outcomes stream   10 field of the entry's number
--       11 '1' to keep the report even where its event was published before   12... channels
-- Gives {1 if it was published now, 0 otherwise; entry of the event that stands; 1 if the contradicting one stands}.

local function tell(outcome, entry)
  if outcome ~= '' then
    redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[9], '*', ARGV[2], outcome, 'entry', entry)
  end
end

local function keep(key, value)
  if ARGV[5] == '0' then
    redis.call('SET', key, value)
  else
    redis.call('SET', key, value, 'EX', ARGV[5])
  end
end

local entry = redis.call('GET', KEYS[1])
if entry then
  if ARGV[11] == '1' then
    keep(KEYS[5], ARGV[4])
  end
  tell(ARGV[7], entry)
  return {0, entry, 0}
end

entry = redis.call('GET', KEYS[2])
if entry then
  tell(ARGV[8], entry)
  return {0, entry, 1}
end

if ARGV[4] ~= '' then
  keep(KEYS[5], ARGV[4])
  local latest = tonumber(redis.call('GET', KEYS[6]) or 0)
  keep(KEYS[6], string.format('%d', math.max(latest, tonumber(ARGV[6]))))
end

local number = redis.call('INCR', KEYS[7])
if ARGV[3] == '0' then
  entry = redis.call('XADD', KEYS[3], '*', ARGV[2], ARGV[1], ARGV[10], number)
else
  entry = redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*', ARGV[2], ARGV[1], ARGV[10], number)
end
redis.call('SET', KEYS[1], entry)
for i = 12, #ARGV do
  redis.call('PUBLISH', ARGV[i], ARGV[1])
end
tell(ARGV[7], entry)
return {1, entry, 0}

-- Publishes one event, once, however often it is asked to. Everything in here happens, or nothing does.
--
-- KEYS, in the order of the names below: done key of the event, and of the event that would contradict it; the event's
-- stream; the stream of outcomes; the report's key, that of its reading, and its document's latest; count of the stream's
-- entries.
-- ARGV: the event; its report, '' for a failure; the report's reading, '' where nobody has it any more; and JSON, in which
-- every number is a string:
--   field, number_field   of an entry: what holds the event, and its number
--   most_entries          of the stream, 0 for all
--   report_ttl_s          how long the report is kept, 0 for ever
--   revision              of the report
--   keep_report           whether to keep it even where its event was published before
--   outcome               of this event, '' for none; rival_outcome: of the one that would contradict it
--   most_outcomes         of their stream
--   channels              to announce the event on
-- Gives {1 if it was published now, 0 otherwise; entry of the event that stands; 1 if the contradicting one stands}.

local done, rival_done, stream, outcomes, report_key, reading_key, latest_key, count = unpack(KEYS)
local event, report, reading, given = ARGV[1], ARGV[2], ARGV[3], cjson.decode(ARGV[4])

local function tell(outcome, entry)
  if outcome ~= '' then
    redis.call('XADD', outcomes, 'MAXLEN', '~', given.most_outcomes, '*', given.field, outcome, 'entry', entry)
  end
end

local function keep(key, value)
  if given.report_ttl_s == '0' then
    redis.call('SET', key, value)
  else
    redis.call('SET', key, value, 'EX', given.report_ttl_s)
  end
end

-- As one: no report lies beside the reading of another.
local function keep_report()
  keep(report_key, report)
  if reading == '' then
    redis.call('DEL', reading_key)
  else
    keep(reading_key, reading)
  end
end

local entry = redis.call('GET', done)
if entry then
  if given.keep_report then
    keep_report()
  end
  tell(given.outcome, entry)
  return {0, entry, 0}
end

entry = redis.call('GET', rival_done)
if entry then
  tell(given.rival_outcome, entry)
  return {0, entry, 1}
end

if report ~= '' then
  keep_report()
  local latest = tonumber(redis.call('GET', latest_key) or 0) or 0
  keep(latest_key, string.format('%d', math.max(latest, tonumber(given.revision))))
end

local number = redis.call('INCR', count)
if given.most_entries == '0' then
  entry = redis.pcall('XADD', stream, '*', given.field, event, given.number_field, number)
else
  local most = given.most_entries
  entry = redis.pcall('XADD', stream, 'MAXLEN', '~', most, '*', given.field, event, given.number_field, number)
end
if type(entry) == 'table' and entry.err then
  -- Not a stream: without this each further try would leave out a number, which readers take for a lost entry.
  redis.call('SET', count, number - 1)
  return entry
end
redis.call('SET', done, entry)
for _, channel in ipairs(given.channels) do
  redis.call('PUBLISH', channel, event)
end
tell(given.outcome, entry)
return {1, entry, 0}

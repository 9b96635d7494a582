-- Publishes one event, once, however often it is asked to. Everything in here happens, or nothing does.
--
-- KEYS, in the order of the names below: done key of the event, and of the event that would contradict it; the event's
-- stream; the stream of outcomes; the report's key, that of its reading, and its document's latest; count of the stream's
-- entries; what the hand-over came to; done key of the event whose reading this one replaces.
-- ARGV: the event; its report, '' for a failure; the report's reading, '' where nobody has it any more; and JSON, in which
-- every number is a string:
--   field, number_field   of an entry: what holds the event, and its number
--   most_entries          of the stream, 0 for all
--   report_ttl_s          how long the report is kept, 0 for ever; done_ttl_s: the done key; ended_ttl_s: the last key
--   id, rival_id, kind    of the event, of the one that would contradict it; published or failed
--   sha256, round         of the hand-over, '' for none; replaces: the event that it is to replace, '' for none
--   revision              of the report
--   keep_report           whether to keep it even where its event was published before
--   outcome               of this event, '' for none; rival_outcome: of the one that would contradict it;
--                         published_outcome, failed_outcome: of one that the hand-over has come to, without its id
--   most_outcomes         of their stream; no_key: stands in KEYS where an event has no such key
--   channels              to announce the event on
-- Gives {1 if it was published now, 0 otherwise; entry of the event that stands; its id}.

local done, rival_done, stream, outcomes, report_key, reading_key, latest_key, count, ended_key, replaced = unpack(KEYS)
local event, report, reading, given = ARGV[1], ARGV[2], ARGV[3], cjson.decode(ARGV[4])

local function tell(outcome, entry, id)
  if outcome ~= '' then
    local most, field = given.most_outcomes, given.field
    redis.call('XADD', outcomes, 'MAXLEN', '~', most, '*', field, outcome, 'entry', entry, 'event', id)
  end
end

local function keep_for(ttl_s, key, value)
  if ttl_s == '0' then
    redis.call('SET', key, value)
  else
    redis.call('SET', key, value, 'EX', ttl_s)
  end
end

local function keep(key, value)
  keep_for(given.report_ttl_s, key, value)
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
  tell(given.outcome, entry, given.id)
  return {0, entry, given.id}
end

entry = redis.call('GET', rival_done)
if entry then
  tell(given.rival_outcome, entry, given.rival_id)
  return {0, entry, given.rival_id}
end

-- Another version of the pipeline, whose events have other ids, may have ended the same hand-over. A failure holds for
-- its round: a retry by hand may do better. The reading that is to be replaced is no end. Who reads once more to keep the
-- report has none of that version to keep.
if given.sha256 ~= '' then
  local digest, kind, round, id, at = unpack(redis.call('HMGET', ended_key, 'sha256', 'kind', 'round', 'event', 'entry'))
  local is_end = digest == given.sha256 and (kind == 'published' or round == given.round)
  if is_end and id ~= given.replaces and not given.keep_report then
    tell(kind == 'published' and given.published_outcome or given.failed_outcome, at, id)
    return {0, at, id}
  end
end

if report ~= '' then
  keep_report()
  local revision = tonumber(given.revision)
  local latest = tonumber(redis.call('GET', latest_key)) or revision
  keep(latest_key, string.format('%d', math.max(latest, revision)))
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
keep_for(given.done_ttl_s, done, entry)
if report ~= '' and replaced ~= given.no_key and not redis.call('GET', replaced) then
  -- Redis has lost it: published again, it would take the place of what has replaced it.
  keep_for(given.done_ttl_s, replaced, entry)
end
if given.sha256 ~= '' then
  local sha256, kind, round = given.sha256, given.kind, given.round
  redis.call('HSET', ended_key, 'sha256', sha256, 'kind', kind, 'round', round, 'event', given.id, 'entry', entry)
  redis.call('EXPIRE', ended_key, given.ended_ttl_s)
end
for _, channel in ipairs(given.channels) do
  redis.call('PUBLISH', channel, event)
end
tell(given.outcome, entry, given.id)
return {1, entry, given.id}

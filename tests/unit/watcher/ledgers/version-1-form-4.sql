-- One row for each content of a document that was taken in, and for each entry that was refused.
CREATE TABLE files (
  id INTEGER PRIMARY KEY,
  document TEXT NOT NULL,
  raw BLOB NOT NULL,                      -- path below the inbox, as the file system has it
  path TEXT NOT NULL,                     -- the same as a wire path
  revision INTEGER,                       -- null for duplicates and for what was refused unread
  round INTEGER NOT NULL DEFAULT 1,
  supersedes INTEGER,
  sha256 TEXT,
  size_bytes INTEGER NOT NULL,
  signature TEXT NOT NULL,
  state TEXT NOT NULL,
  code TEXT,                              -- why it was refused or failed
  detail TEXT,                            -- the same for people, or what filing is waiting for
  duplicate_of INTEGER REFERENCES files (id),
  arrived_ns INTEGER NOT NULL,            -- the file's change time, which a rename sets; only to order by
  accepted_at REAL NOT NULL,              -- wall clock, seconds
  changed_at REAL NOT NULL,
  queued_at REAL,
  sends INTEGER NOT NULL DEFAULT 0,
  not_before REAL NOT NULL DEFAULT 0,     -- no hand-over and no filing before this time
  tries INTEGER NOT NULL DEFAULT 0,       -- failed tries to file it away
  announced INTEGER NOT NULL DEFAULT 1,   -- 0: an event about it is still to be published
  event_id TEXT,
  entry_id TEXT,
  in_inbox INTEGER NOT NULL DEFAULT 1,    -- 0: filed away, gone or replaced
  folder TEXT,                            -- processed or quarantine
  target BLOB,                            -- path below that folder, chosen before the move
  UNIQUE (document, revision, round)
);
CREATE INDEX files_document ON files (document);
CREATE INDEX files_sha256 ON files (sha256);
CREATE UNIQUE INDEX files_target ON files (folder, target) WHERE target IS NOT NULL;
CREATE UNIQUE INDEX files_in_inbox ON files (raw) WHERE in_inbox;
CREATE INDEX files_open ON files (state) WHERE state IN ('accepted', 'queued');
CREATE INDEX files_accepted ON files (arrived_ns) WHERE state = 'accepted';
CREATE INDEX files_unfiled ON files (not_before) WHERE in_inbox AND state IN ('published', 'quarantined', 'duplicate');
CREATE INDEX files_unannounced ON files (id) WHERE announced = 0;

-- Files that are not complete yet; times of the monotonic clock, which all processes of a machine share.
CREATE TABLE waiting (
  path TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  since REAL NOT NULL,
  needs_s REAL NOT NULL,
  detail TEXT NOT NULL
);

-- The JSON of events that lies beside no file, or may be taken away from there: of failures, and of reports whose file
-- was replaced or deleted before it could be filed.
CREATE TABLE IF NOT EXISTS kept (file INTEGER PRIMARY KEY REFERENCES files (id), content BLOB NOT NULL);

CREATE INDEX IF NOT EXISTS files_unkept ON files (id)
  WHERE NOT in_inbox AND target IS NULL AND event_id IS NOT NULL AND revision IS NOT NULL;

CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- One row for each content of a document that was taken in, and for each entry that was refused.
CREATE TABLE IF NOT EXISTS files (
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
  code TEXT,                              -- why it was refused or failed; lost, unkept: what became of its report
  detail TEXT,                            -- the same for people, or what filing is waiting for
  duplicate_of INTEGER REFERENCES files (id), -- same content: the original; of a revision, the one that it repeats
  arrived_ns INTEGER NOT NULL,            -- the file's change time, which a rename sets; only to order by
  accepted_at REAL NOT NULL,              -- wall clock, seconds
  changed_at REAL NOT NULL,
  queued_at REAL,
  sends INTEGER NOT NULL DEFAULT 0,       -- hand-overs; 1 from before the first
  not_before REAL NOT NULL DEFAULT 0,     -- no hand-over and no filing before this time
  tries INTEGER NOT NULL DEFAULT 0,       -- failed tries to file it away
  announced INTEGER NOT NULL DEFAULT 1,   -- 0: an event about it is still to be published
  event_id TEXT,
  entry_id TEXT,
  in_inbox INTEGER NOT NULL DEFAULT 1,    -- 0: filed away, gone or replaced
  folder TEXT,                            -- processed or quarantine
  target BLOB,                            -- path below that folder, chosen before the move
  is_kept INTEGER NOT NULL DEFAULT 0,     -- 1: the JSON of its event is in the table kept
  UNIQUE (document, revision, round)
);
CREATE INDEX IF NOT EXISTS files_document ON files (document);
CREATE INDEX IF NOT EXISTS files_sha256 ON files (sha256);
CREATE UNIQUE INDEX IF NOT EXISTS files_target ON files (folder, target) WHERE target IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS files_in_inbox ON files (raw) WHERE in_inbox;
CREATE INDEX IF NOT EXISTS files_path ON files (path);
-- SQLite goes by a partial index only where the query has the same condition, in the same words.
CREATE INDEX IF NOT EXISTS files_open ON files (accepted_at) WHERE state IN ('accepted', 'queued');
CREATE INDEX IF NOT EXISTS files_queued ON files (queued_at) WHERE state = 'queued';
CREATE INDEX IF NOT EXISTS files_accepted ON files (arrived_ns) WHERE state = 'accepted';
CREATE INDEX IF NOT EXISTS files_unfiled ON files (not_before) WHERE in_inbox AND state IN ('published', 'quarantined', 'duplicate');
CREATE INDEX IF NOT EXISTS files_unannounced ON files (id) WHERE announced = 0;
CREATE INDEX IF NOT EXISTS files_in_quarantine ON files (id)
  WHERE folder = 'quarantine' AND target IS NOT NULL AND NOT in_inbox;

-- How many rows are in each state: to count them takes as long as there have been files.
CREATE TABLE IF NOT EXISTS counts (state TEXT PRIMARY KEY, files INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS files_added AFTER INSERT ON files BEGIN
  INSERT INTO counts VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET files = files + 1;
END;
CREATE TRIGGER IF NOT EXISTS files_moved AFTER UPDATE OF state ON files WHEN old.state <> new.state BEGIN
  UPDATE counts SET files = files - 1 WHERE state = old.state;
  INSERT INTO counts VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET files = files + 1;
END;
CREATE TRIGGER IF NOT EXISTS files_taken_out AFTER DELETE ON files BEGIN
  UPDATE counts SET files = files - 1 WHERE state = old.state;
END;

-- Files that are not complete yet; times of the monotonic clock, which all processes of a machine share.
CREATE TABLE IF NOT EXISTS waiting (
  path TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  since REAL NOT NULL,
  needs_s REAL NOT NULL,
  detail TEXT NOT NULL
);

-- The JSON of events that lies beside no file, or may be taken away from there: of failures, and of reports whose file
-- was replaced or deleted before it could be filed.
CREATE TABLE IF NOT EXISTS kept (file INTEGER PRIMARY KEY REFERENCES files (id), content BLOB NOT NULL);

-- The packed readings of the reports among them.
CREATE TABLE IF NOT EXISTS kept_readings (file INTEGER PRIMARY KEY REFERENCES files (id), content BLOB NOT NULL);

CREATE INDEX IF NOT EXISTS files_unkept ON files (id)
  WHERE NOT in_inbox AND target IS NULL AND event_id IS NOT NULL AND revision IS NOT NULL AND NOT is_kept;
CREATE TRIGGER IF NOT EXISTS kept_added AFTER INSERT ON kept BEGIN
  UPDATE files SET is_kept = 1 WHERE id = new.file;
END;
CREATE TRIGGER IF NOT EXISTS kept_taken_out AFTER DELETE ON kept BEGIN
  UPDATE files SET is_kept = 0 WHERE id = old.file;
END;

-- What has happened to files and is not in the stream of their steps yet. Written with the change itself, so none is left out.
CREATE TABLE IF NOT EXISTS steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  file INTEGER NOT NULL REFERENCES files (id),
  state TEXT NOT NULL,
  at REAL NOT NULL                        -- wall clock, seconds
);
CREATE TRIGGER IF NOT EXISTS step_taken AFTER INSERT ON files
  BEGIN INSERT INTO steps (file, state, at) VALUES (new.id, new.state, (julianday('now') - 2440587.5) * 86400); END;
CREATE TRIGGER IF NOT EXISTS step_on AFTER UPDATE OF state ON files WHEN new.state <> old.state
  BEGIN INSERT INTO steps (file, state, at) VALUES (new.id, new.state, (julianday('now') - 2440587.5) * 86400); END;
CREATE TRIGGER IF NOT EXISTS step_filed AFTER UPDATE OF in_inbox ON files
  WHEN old.in_inbox AND NOT new.in_inbox AND new.target IS NOT NULL
  BEGIN INSERT INTO steps (file, state, at) VALUES (new.id, 'filed', (julianday('now') - 2440587.5) * 86400); END;

CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value TEXT NOT NULL);

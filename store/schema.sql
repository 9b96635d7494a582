-- A projection: nothing is here that the record, or the archive, does not have. Another version is built anew, never migrated.

CREATE TABLE readings (
    reading INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    is_newest INTEGER NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT, issuer TEXT, place TEXT, region_code TEXT, province TEXT, city TEXT, level TEXT,
    year TEXT, kind TEXT, document_number TEXT, published TEXT, signed TEXT, script TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    pipeline_version TEXT NOT NULL,
    read_at TEXT NOT NULL,
    figures INTEGER NOT NULL,
    first_figure INTEGER NOT NULL,  -- of its figures, which are numbered on from there
    warnings TEXT NOT NULL,   -- JSON
    relations TEXT NOT NULL,  -- JSON
    sections TEXT NOT NULL    -- JSON
);
CREATE INDEX readings_document ON readings (id, revision);
-- What all figures of a report share is looked for here, and then the figures by their numbers: one entry, not one a figure.
CREATE INDEX readings_newest ON readings (is_newest, reading);
CREATE INDEX readings_place ON readings (place, is_newest, reading);
CREATE INDEX readings_province ON readings (province, is_newest, reading);
CREATE INDEX readings_kind ON readings (kind, is_newest, reading);

CREATE TABLE sentences (
    sentence INTEGER PRIMARY KEY,
    reading INTEGER NOT NULL REFERENCES readings,
    text TEXT NOT NULL,
    searched TEXT NOT NULL    -- what can be found of it: names of its figures that it does not have as they are, and itself; folded
);
CREATE INDEX sentences_reading ON sentences (reading);

CREATE TABLE figures (
    figure INTEGER PRIMARY KEY,
    reading INTEGER NOT NULL REFERENCES readings,
    sentence INTEGER NOT NULL REFERENCES sentences,
    number INTEGER NOT NULL,  -- its place in the report's metrics, from 0
    is_newest INTEGER NOT NULL,
    indicator_id TEXT, indicator TEXT NOT NULL,
    value TEXT NOT NULL, value_high TEXT,   -- exact
    real REAL NOT NULL,                     -- to sort and to plot by
    base REAL NOT NULL,                     -- in the base unit
    unit TEXT NOT NULL, base_unit TEXT NOT NULL,
    qualifier TEXT NOT NULL, change TEXT, measure TEXT NOT NULL,
    period TEXT, year TEXT, status TEXT NOT NULL, scope TEXT, actor TEXT,
    section TEXT NOT NULL,
    quote TEXT NOT NULL, page INTEGER, place_start INTEGER NOT NULL, place_end INTEGER NOT NULL,
    confidence REAL, reasons TEXT NOT NULL,
    place TEXT, region_code TEXT, province TEXT, level TEXT, kind TEXT   -- of its report
);
CREATE INDEX figures_sentence ON figures (sentence);
CREATE INDEX figures_series ON figures (indicator_id, is_newest, place, year) WHERE indicator_id IS NOT NULL;
CREATE INDEX figures_year ON figures (year, is_newest, figure);
CREATE INDEX figures_unit ON figures (unit, is_newest, figure);
CREATE INDEX figures_status ON figures (status, is_newest, figure);

-- How many of the newest figures have a value in a field: five facets over a million figures are one look.
CREATE TABLE counts (
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    figures INTEGER NOT NULL,
    PRIMARY KEY (field, value)
) WITHOUT ROWID;

CREATE TABLE failures (
    event_id TEXT PRIMARY KEY,
    id TEXT NOT NULL, path TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, stage TEXT NOT NULL,
    place TEXT, attempts INTEGER NOT NULL, disposition TEXT NOT NULL, failed_at TEXT NOT NULL
) WITHOUT ROWID;

-- Those whose file gave a report afterwards are over.
CREATE INDEX readings_path ON readings (path, read_at);
CREATE VIEW open_failures AS
    SELECT * FROM failures
    WHERE NOT EXISTS (SELECT 1 FROM readings WHERE readings.path = failures.path AND readings.read_at > failures.failed_at);

-- Events of documents that were taken back: what they say is never the newest, in whichever order the streams come.
CREATE TABLE taken_back (event_id TEXT PRIMARY KEY, withdrawn_by TEXT NOT NULL, why TEXT) WITHOUT ROWID;

-- Two characters each, because the words of a search are seldom those that a segmenter would cut. They are folded before, and
-- spaces alone divide them: the tokenizer need not look at any character beyond those of ASCII.
CREATE VIRTUAL TABLE search USING fts5 (bigrams, content = '', tokenize = 'ascii');

CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

"""All that was published, in one SQLite file that can be asked: a projection of the record, rebuilt whenever that is wished."""

"""Everything pure about words: no I/O, no database, no settings."""

"""Both sides changed: rows and files brought together again, and the conflicts that a person decides."""

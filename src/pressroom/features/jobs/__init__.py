"""Jobs as people see them: watching, cancelling, trying again."""

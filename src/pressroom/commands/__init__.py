"""The program's own commands; the features bring theirs."""

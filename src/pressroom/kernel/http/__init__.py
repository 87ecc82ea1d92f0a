"""HTTP: what every request meets before and after a feature answers it."""

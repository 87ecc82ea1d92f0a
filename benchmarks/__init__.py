"""Measures of the whole program, as ratios against named references. `python -m benchmarks --help` says more."""

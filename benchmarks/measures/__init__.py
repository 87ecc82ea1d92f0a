"""The measures, one module each; `benchmarks/__main__.py` lists them."""

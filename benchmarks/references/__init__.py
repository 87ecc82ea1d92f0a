"""What the program is compared with. Each module is run as a process: `python -m benchmarks.references.NAME PORT …`."""

"""What is measured, as ratios within one run: `python -m benchmarks [name ...]` prints a table each."""

"""The benchmarks of ``./run bench``: ratios measured in one run, written to RESULTS.md."""

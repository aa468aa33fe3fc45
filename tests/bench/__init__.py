"""Named benchmarks: `make bench`, or one of them with `make bench ONLY=name`."""

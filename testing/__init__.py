"""What tests and benchmarks share: valid values, fakes of the ports, steps for API and console."""

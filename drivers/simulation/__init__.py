"""Simulated boards on pseudo-terminals, for the demo and the tests."""

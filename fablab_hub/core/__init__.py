"""The base that every room stands on; it imports nobody above it."""

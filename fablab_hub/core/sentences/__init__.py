"""The sentences of every error, one table for each room; `core.error_texts` puts them together."""

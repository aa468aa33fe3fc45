"""The G-code language: words, modal state and one allow-list table per firmware. Pure."""

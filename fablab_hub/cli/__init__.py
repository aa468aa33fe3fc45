"""The commands: each builds everything it needs, and only it does."""

"""One table per firmware: what a word means there, and whether a stranger's file may say it."""

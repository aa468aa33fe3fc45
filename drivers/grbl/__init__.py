"""GRBL 1.1 and its relatives, over a serial port."""

"""Marlin printers, over a serial port."""

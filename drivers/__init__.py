"""All that speaks to a device: one folder per family, one agent process per machine."""

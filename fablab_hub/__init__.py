"""FabLab Hub: the base (core), the G-code language (gcode) and the commands (cli)."""

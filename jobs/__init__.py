"""From a file to a finished run: states, queue, checks, and the hub's end of the agents."""

"""Pages: a route reads, calls one function, renders."""

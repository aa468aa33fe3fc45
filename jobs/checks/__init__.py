"""What a file may make a machine do: rules as rows of a table, checks as pure functions."""

"""What the hub can mend in a drawing by itself, when its owner asks; nothing else moves."""

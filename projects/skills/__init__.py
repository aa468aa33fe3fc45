"""Skills: what they are, what speaks for them, and who said that somebody has them."""

"""Words for people: one gettext catalogue per language, English as the key."""

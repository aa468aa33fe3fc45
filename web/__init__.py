"""The pages and the API: thin, no rule lives here."""

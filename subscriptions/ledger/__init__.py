"""The proof that the money adds up: within the database (`check`), and against the provider's own list (`provider`)."""

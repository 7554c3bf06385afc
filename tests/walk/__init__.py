"""A newcomer's walk: every command of the docs, typed as the docs say it, in a clean clone."""

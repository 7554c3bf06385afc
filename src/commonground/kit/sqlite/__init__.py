"""SQLite, with a queue for the threads of one process that want to write."""

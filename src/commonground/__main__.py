"""`python -m commonground`, and the `commonground` command."""

import os
import sys

NO_TABLES = ("no such table", "does not exist")  # as SQLite and PostgreSQL say it


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.settings")
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    try:
        execute_from_command_line(["commonground", *sys.argv[1:]])
    except DatabaseError as error:
        if any(words in str(error) for words in NO_TABLES):
            sys.exit(f"This database is not ready for us. Run: commonground migrate\n({error})")
        raise


if __name__ == "__main__":
    main()

"""A file is small enough to be read in one sitting."""

from pathlib import Path

SRC = Path(__file__).parents[2] / "src/commonground"
MOST_LINES = 400
ALONE = SRC / "record/engine/outsider/verify.py"  # handed to outsiders: one file, or none


def test_no_file_is_longer_than_one_sitting():
    long = [
        f"{path.relative_to(SRC)}: {lines}"
        for path in SRC.rglob("*.py")
        if "migrations" not in path.parts and path != ALONE
        if (lines := len(path.read_text().splitlines())) > MOST_LINES
    ]
    assert long == []


# Fields of ours, and how tables are made together: frame, as Django is.
LEAN_ON = ("import commonground.kit.sealed", "from commonground.kit.sealed",
           "from commonground.kit.migrating")  # fmt: skip


def test_migrations_import_no_room_code():
    leaning = [
        str(path.relative_to(SRC))
        for path in SRC.rglob("migrations/*.py")
        for line in path.read_text().splitlines()
        if line.startswith(("import commonground", "from commonground"))
        and not line.startswith(LEAN_ON)
    ]
    assert leaning == []

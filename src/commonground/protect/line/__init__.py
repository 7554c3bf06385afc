"""The line to what others can look up of us: names, pages and files."""

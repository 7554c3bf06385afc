"""LEARN - did it land: what the news carried, and how far people trust us."""

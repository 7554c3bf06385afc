"""What every room's API is built from: strict reading, errors in plain words, pages, ETags.

No room is known here. Who stands behind a token is asked of `settings.API_CALLER`.
"""

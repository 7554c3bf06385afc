"""The languages a newsroom writes in."""

# What a newsroom writes in; the interface itself has fewer languages.
LANGUAGES = [
    ("en", "English"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية"),
    ("zh", "中文"), ("pa", "ਪੰਜਾਬੀ"), ("de", "Deutsch"), ("pt", "Português"),
    ("nl", "Nederlands"), ("it", "Italiano"), ("cy", "Cymraeg"),
]  # fmt: skip

"""LinkedIn, as the page of an organisation."""

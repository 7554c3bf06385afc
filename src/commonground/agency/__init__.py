"""AGENCY - who we are: the agency, its people, and what each may do."""

"""How long every page and every call of the API takes on a large database."""

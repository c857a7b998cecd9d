"""Names of people, and the bylines that hold them."""

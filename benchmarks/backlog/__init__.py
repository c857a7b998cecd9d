"""A million items accepted at once: what accepting them costs, and what they do to the rest."""

"""Bytes to characters: what a page says of its encoding, what it is, and what went wrong before."""

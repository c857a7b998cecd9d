"""The chosen pieces to blocks of text and Markdown."""

"""A page's markup to pieces of text in boxes: a guard, one parse, one walk."""

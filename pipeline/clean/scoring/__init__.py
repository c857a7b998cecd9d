"""How likely each piece of a page is part of the article: features, learned tables, trees, the cut."""

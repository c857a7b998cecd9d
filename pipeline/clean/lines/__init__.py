"""Plain text to paragraphs and signals: the same parts over lines."""

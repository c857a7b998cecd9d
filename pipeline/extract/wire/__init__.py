"""Wire conventions: datelines, credits, agencies, copyright lines."""

"""Dates as pages write them, in fifty languages, and what each voice for a day is worth."""

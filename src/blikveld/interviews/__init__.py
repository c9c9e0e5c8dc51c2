"""In-depth interviews: choose whom to ask, take in and protect transcripts, code, compare, quote.

Nothing here knows an answer to the questionnaire: an offer holds a municipality, a domain where
that is known, and whether there was a suspicion.
"""

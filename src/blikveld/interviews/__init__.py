"""In-depth interviews: choose whom to ask, take in and protect transcripts, code, compare, quote.

Nothing here knows an answer to the questionnaire: an offer holds the few facts that its study
declares, where they are known.
"""

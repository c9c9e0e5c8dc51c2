"""The telephone version: what an interviewer sees around the same questions.

The pages are those of the web room. This room adds templates that build on them, with the words
an interviewer needs: how to begin, what to read aloud, how to end.
"""

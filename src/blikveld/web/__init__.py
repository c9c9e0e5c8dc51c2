"""The questionnaire on the web: Django pages over the rules of fieldwork.

`fieldwork` opens, closes and reads a data folder; `launch` runs the server beside a command.
"""

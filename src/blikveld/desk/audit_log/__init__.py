"""The audit log of the desk: every change, who made it and when; never an answer's text."""

"""The research desk: a room of its own, with accounts, that respondents' pages know nothing of."""

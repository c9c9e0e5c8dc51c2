"""The telephone fieldwork at the desk: interviewers call, a researcher keeps the list."""

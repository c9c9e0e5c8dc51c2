"""Accounts of the desk, with a second factor, invitations, signing in and out."""

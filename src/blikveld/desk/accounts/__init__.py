"""Who works at the desk: accounts with a second factor, invitations, signing in and out."""

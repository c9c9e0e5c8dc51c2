"""Publishing: from a snapshot to tables, report and checks. Prints nothing itself."""

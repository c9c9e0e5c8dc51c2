"""What leaves the desk: a snapshot to download; and what erasing does, which is done elsewhere."""

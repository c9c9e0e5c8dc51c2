"""A page on this machine to drop a report on. Nothing leaves the machine."""

"""Charts of the report: their data, their specification, their labels."""

"""Claims in report text: what each needs, when it is true, how it is written."""

"""Statistics: numbers in, numbers out. Nothing here knows of questions or respondents.

Most functions take sums per stratum, as the cubes of a table hold them (see
`design.WeightedCounts`), so that an estimate, its standard error or its influence never needs the
respondents again. `microdata` does the same from respondents, and for samples drawn in clusters.
"""

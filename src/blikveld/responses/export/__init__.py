"""A snapshot as files of statistical programs: labels, declared missing values, sets, codebook."""

"""From the files of a study to one value, with everything that is wrong with them at once."""

"""Where cubes are counted: on arrays in memory, or in a database that holds the respondents."""

"""Texts that respondents wrote: coded by what they say, and released before anybody reads them."""

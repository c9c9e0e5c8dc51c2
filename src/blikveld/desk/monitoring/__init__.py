"""The response as the researcher sees it, and opening and closing the fieldwork."""

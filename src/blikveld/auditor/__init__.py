"""What published tables give away: an attacker's reading, apart from the room that protects.

Nothing here comes from the rooms that count, protect or print. The reader of conditions, the
possible respondents and the relations between groups are this room's own, so that a mistake in
protecting is not repeated in judging.
"""

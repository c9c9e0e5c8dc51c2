"""A study's own files on its interviews: the guide, and interviews that ship with it."""

from blikveld.interviews.plan.guide import Guide, Question, Topic, guide, hidden, printed
from blikveld.interviews.plan.talks import Talk, Talks, talks

__all__ = ["Guide", "Question", "Talk", "Talks", "Topic", "guide", "hidden", "printed", "talks"]

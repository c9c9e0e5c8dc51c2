"""A study's own files on its interviews: the guide, and interviews that ship with it."""

from __future__ import annotations

from blikveld.interviews.study_files.shipped import (
    ShippedInterview,
    ShippedInterviews,
    load_shipped,
)
from blikveld.interviews.study_files.topic_guide import (
    GuideQuestion,
    Topic,
    TopicGuide,
    hidden,
    load_topic_guide,
    print_guide,
)

__all__ = [
    "GuideQuestion",
    "ShippedInterview",
    "ShippedInterviews",
    "Topic",
    "TopicGuide",
    "hidden",
    "load_shipped",
    "load_topic_guide",
    "print_guide",
]

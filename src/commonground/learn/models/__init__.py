"""What LEARN holds."""

from commonground.learn.models.coverage import Answer, Article, Coverage, Reading, Where

__all__ = ["Answer", "Article", "Coverage", "Reading", "Where"]

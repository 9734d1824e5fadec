from accanto.indicators.release import Release, ReleasedFigure

__all__ = ["Release", "ReleasedFigure"]

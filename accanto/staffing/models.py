from accanto.staffing.series import RegionalFigure, Universe
from accanto.staffing.staff_figure import StaffFigure
from accanto.staffing.staffing_return import StaffingReturn

__all__ = ["RegionalFigure", "StaffFigure", "StaffingReturn", "Universe"]

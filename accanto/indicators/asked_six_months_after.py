"""Those of whom somebody has recorded what they do six months after a traineeship; who would rather not say is one."""

from accanto.indicators.indicator import Indicator
from accanto.indicators.six_months_after_traineeship import ANSWERED

INDICATOR = Indicator(code="asked_six_months_after", rows=ANSWERED.format("<> 'not_reached'"), breakdowns=("age",))

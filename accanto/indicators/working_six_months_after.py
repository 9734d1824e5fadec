"""Those of them who work, for somebody or on their own."""

from accanto.indicators.indicator import Indicator
from accanto.indicators.six_months_after_traineeship import ANSWERED

INDICATOR = Indicator(
    code="working_six_months_after", rows=ANSWERED.format("in ('job', 'self_employed')"), breakdowns=("sex",)
)

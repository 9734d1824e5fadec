"""Every number of the plan as a query over facts: one file an indicator, each with an aggregate of the owner for the
figures and a view under row security for those who may open them."""

"""The law as data and pure functions: sheets of parameters, findings, states and rules.

Nothing here knows Django, the database or the clock: facts, a day and local values go in, findings and sums come out.
"""

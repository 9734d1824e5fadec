"""The regional plan: acts, bodies, funds, operations and targets. It names indicators by their code and knows none."""

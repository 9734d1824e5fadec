"""The screens: a function and a template per page, made of the parts that stand in `parts`."""

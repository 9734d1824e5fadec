"""What every screen is made of: numbers in local form, forms, findings, figures, tables, pictures."""

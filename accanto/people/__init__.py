"""Persons as a zone knows them: the name and how to reach them, apart from the registry data, which are more secret."""

"""Files that come in and go out, a module for each format: read whole, checked whole, then written or refused."""

"""Documents: accessible PDF made from data, and files kept about somebody, each with its degree of secrecy."""

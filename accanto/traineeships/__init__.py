"""From the host to the register: inclusion traineeships (TIS) and what a day, a month and a year of them come to."""

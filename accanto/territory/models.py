from .municipality import Municipality
from .population import Population
from .zone import Zone

__all__ = ["Municipality", "Population", "Zone"]

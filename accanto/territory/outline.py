"""Draws the map of the zones from their boundaries: `python -m accanto.territory.outline regions/toscana`.

Reads `zones.geojson` (degrees, one feature for each zone, neighbours sharing exactly the same points) and writes
`zones_map.json`. Borders are simplified once for the two zones they part, so that no gap opens between them.
"""

import itertools
import json
import math
import sys
from collections import defaultdict
from pathlib import Path

from .map import FILE

WIDTH = 1000  # units of the drawing, from west to east
SMALLEST = 4.0  # square units: a bend smaller than this is straightened


def _rings(geometry):
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        for ring in polygon:
            yield [tuple(point) for point in ring]


def _arcs(rings_of):
    """Cuts every ring where the zone on the other side changes; the same border gets the same key from both sides."""
    beside, turns = defaultdict(set), defaultdict(set)
    for code, rings in rings_of.items():
        for ring in rings:
            for a, b in itertools.pairwise(ring):
                beside[frozenset((a, b))].add(code)
                turns[a].add(b)
                turns[b].add(a)
    cut = {}
    for code, rings in rings_of.items():
        cut[code] = []
        for ring in rings:
            loop = ring[:-1]
            owners = [frozenset(beside[frozenset((a, b))]) for a, b in zip(loop, ring[1:], strict=True)]
            corners = [i for i, p in enumerate(loop) if len(turns[p]) > 2 or owners[i] != owners[i - 1]]
            if not corners:  # an island or an enclave: both sides must cut at the same two points
                corners = sorted((loop.index(min(loop)), loop.index(max(loop))))
            around = loop[corners[0] :] + loop[: corners[0] + 1]
            stops = [c - corners[0] for c in corners] + [len(loop)]
            cut[code].append([tuple(around[a : b + 1]) for a, b in itertools.pairwise(stops)])
    return cut


def _simplified(points):
    """Visvalingam: the bend that spans the smallest triangle goes first, the ends never."""
    points = list(points)

    def span(i):
        (ax, ay), (bx, by), (cx, cy) = points[i - 1 : i + 2]
        return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2

    spans = [math.inf, *(span(i) for i in range(1, len(points) - 1)), math.inf]
    while len(points) > 2 and (least := min(spans)) < SMALLEST:
        i = spans.index(least)
        del points[i], spans[i]
        for beside in (i - 1, i):
            if 0 < beside < len(points) - 1:
                spans[beside] = span(beside)
    return points


def _area(ring):
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def _path(rings):
    parts = []
    for ring in rings:
        steps, (x, y) = [], ring[0]
        for nx, ny in ring[1:]:
            steps.append(f"{nx - x} {ny - y}")
            x, y = nx, ny
        parts.append(f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z")
    return "".join(parts).replace(" -", "-")


def _label(ring):
    """The point of a coarse grid farthest from the border of the ring: where a name has room."""
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    edges = list(zip(ring, ring[1:] + ring[:1], strict=True))

    def room(x, y):
        inside, nearest = False, math.inf
        for (ax, ay), (bx, by) in edges:
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
            length = (bx - ax) ** 2 + (by - ay) ** 2
            t = max(0, min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0
            nearest = min(nearest, math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
        return nearest if inside else -nearest

    grid = [
        (min(xs) + (max(xs) - min(xs)) * i / 24, min(ys) + (max(ys) - min(ys)) * j / 24)
        for i in range(1, 24)
        for j in range(1, 24)
    ]
    x, y = max(grid, key=lambda point: room(*point))
    return round(x), round(y)


def draw(boundaries, *, source):
    """The drawing of a GeoJSON collection whose features have a `zone` property; `source` is the credit to show."""
    features = boundaries["features"]
    rings_of = {f["properties"]["zone"]: list(_rings(f["geometry"])) for f in features}
    points = [point for rings in rings_of.values() for ring in rings for point in ring]
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * narrow)
    placed = {p: (round((p[0] - west) * narrow * scale), round((north - p[1]) * scale)) for p in points}
    drawn = {}

    def border(arc):
        key = min(arc, arc[::-1])
        if key not in drawn:
            drawn[key] = _simplified([placed[p] for p in key])
        return drawn[key] if key == arc else drawn[key][::-1]

    zones = []
    for code, rings in _arcs(rings_of).items():
        shapes = []
        for arcs in rings:
            ring = [point for arc in arcs for point in border(arc)[:-1]]
            ring = [p for i, p in enumerate(ring) if p != ring[i - 1]]
            if len(ring) > 2 and abs(_area(ring)) >= SMALLEST:
                shapes.append(ring)
        shapes.sort(key=lambda ring: -abs(_area(ring)))
        x, y = _label(shapes[0])
        zones.append({"zone": code, "x": x, "y": y, "d": _path(shapes)})
    height = max(y for _x, y in placed.values())
    return {"view_box": f"0 0 {WIDTH} {height}", "source": source, "zones": zones}


def write(folder):
    """Makes the drawing of a pack anew; answers with the number of bytes written."""
    folder = Path(folder)
    boundaries = json.loads((folder / "zones.geojson").read_text(encoding="utf-8"))
    text = as_text(draw(boundaries, source=boundaries["source"]))
    (folder / FILE).write_text(text, encoding="utf-8")
    return len(text.encode())


def as_text(drawing):
    rows = ",\n".join(json.dumps(zone, ensure_ascii=False, separators=(",", ":")) for zone in drawing["zones"])
    head = {name: drawing[name] for name in ("view_box", "source")}
    return json.dumps(head, ensure_ascii=False)[:-1] + ', "zones": [\n' + rows + "\n]}\n"


if __name__ == "__main__":
    print(write(sys.argv[1]))

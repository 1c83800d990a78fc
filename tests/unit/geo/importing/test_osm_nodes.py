"""The nodes of ways come back as they stood in the file, whatever the ways are called."""

from pathlib import Path

import osmium

from app.geo.importing.osm_nodes import WayNodes

WAYS = """<osm version="0.6">
<way id="7" version="1"><nd ref="3"/><nd ref="1"/><nd ref="3"/><tag k="name" v="N1,n2 w7 Nn9&#10;w8 Nn5"/></way>
<way id="12" version="1"><nd ref="-4"/><nd ref="9000000000000"/><tag k="name" v="南京路&#8232;x"/></way>
<way id="13" version="1"><nd ref="5"/></way>
</osm>"""


def test_nodes_of_ways_asked_in_any_order(tmp_path: Path) -> None:
    file = tmp_path / "ways.osm"
    file.write_text(WAYS, encoding="utf-8")
    with WayNodes(osmium, tmp_path) as nodes:
        for way in osmium.FileProcessor(str(file)):
            nodes.put(way)
    assert [one.tolist() for one in nodes.of(["w12", "w7"])] == [[-4, 9_000_000_000_000], [3, 1, 3]]
    assert nodes.of([]) == []

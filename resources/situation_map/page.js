// What the situation map does in a browser: marks, cards, clusters, road widths, names that do not overlap.
// Texts from outside become text nodes only, never HTML. Nothing is fetched.
"use strict";

const situation = (() => {
  const NEAR_ZOOM = 16.5;
  const METRES_PER_PIXEL_AT_ZOOM_0 = 156543.034;
  const LABEL_GAP_PX = 4;
  const ALWAYS_BELOW_RANK = 10;
  const WIDE_PX = 900;
  const PANEL_PX = 228;
  const MARGIN_PX = 12;
  const ONE_SPOT_M = 1;
  const MOST_IN_A_FAN = 12;
  const KEPT_FREE = ".mark.incident svg, .cluster, .pile, .mark > svg.unit, .mark > svg.alarm, .near .mark > svg.camera, .leaflet-control, .legend";
  const Z_OFFSET = {label: -3000, place: -2500, camera: -2000, sketch: -1500, closure: -1200, unit: 500, incident: 1000, alarm: 0};
  const icons = new Map();
  let words = {};
  let map = null;
  let bounds = null;
  let view = null;
  let roads = [];
  let awaited = 0;

  // -- cards ---------------------------------------------------------------------------------------------------------

  function element(tag, kind, text) {
    const made = document.createElement(tag);
    made.className = kind;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function card(kind, properties) {
    const box = element("div", "card");
    box.append(element("div", "card-title", properties.title));
    const facts = element("dl", "facts");
    properties.facts.forEach((fact, place) => {
      if (!fact) return;
      facts.append(element("dt", "", words[kind][place]), element("dd", "", fact));
    });
    box.append(facts);
    return box;
  }

  function cardOptions() {
    return {
      maxWidth: 340,
      maxHeight: 420,
      autoPanPaddingTopLeft: [MARGIN_PX + 48, MARGIN_PX],
      autoPanPaddingBottomRight: view.paddingBottomRight,
    };
  }

  function explain(kind) {
    return (feature, layer) => layer.bindPopup(() => card(kind, feature.properties), cardOptions());
  }

  // -- marks ---------------------------------------------------------------------------------------------------------

  function symbol(key, kind, tone) {
    const drawn = L.SVG.create("svg");
    drawn.setAttribute("class", "symbol " + kind);
    drawn.style.color = `var(--${tone})`;
    const use = L.SVG.create("use");
    use.setAttribute("href", "#" + key);
    drawn.append(use);
    return drawn;
  }

  function label(properties) {
    const made = element("span", "name " + (properties.looks || ""), properties.title);
    made.dataset.rank = properties.rank;
    made.dataset.fromZoom = properties.from_zoom || 0;
    if (properties.turn) made.style.setProperty("--turn", properties.turn + "deg");
    return made;
  }

  const drawings = {
    label: (p) => [label(p)],
    place: (p) => [element("i", "dot", ""), label(p)],
    camera(p) {
      const wedge = symbol(p.symbol, "camera", p.tone);
      wedge.style.transform = `rotate(${p.turn}deg)`;
      const dot = element("i", p.tone === "stale" ? "dot off" : "dot", "");
      return [dot, wedge];
    },
    sketch: (p) => [element("i", "dot", ""), label(p)],
    closure: (p) => [element("i", "no-entry", ""), label(p)],
    alarm: (p) => [symbol(p.symbol, "alarm", p.tone)],
    unit(p) {
      const parts = [];
      if (p.heading !== null && p.heading !== undefined) {
        const tail = symbol("heading", "heading", p.tone);
        tail.style.transform = `rotate(${p.heading}deg)`;
        parts.push(tail);
      }
      return [...parts, symbol(p.symbol, p.stale ? "unit stale" : "unit", p.tone), label(p)];
    },
  };

  function ownIcon(kind, properties) {
    const box = element("div", "mark " + kind);
    box.append(...drawings[kind](properties));
    return L.divIcon({html: box, className: "place-of-mark still", iconSize: [0, 0]});
  }

  function incidentIcon(p) {
    const key = `${p.ended ? "ended" : "priority"}-${p.priority}`;
    if (!icons.has(key)) {
      const tone = p.ended ? "stale" : "p" + p.priority;
      const html = `<div class="mark incident">${symbol(key, "incident p" + p.priority, tone).outerHTML}</div>`;
      icons.set(key, L.divIcon({html, className: "place-of-mark", iconSize: [0, 0]}));
    }
    return icons.get(key);
  }

  function mark(kind) {
    return (feature, place) => {
      const p = feature.properties;
      const isIncident = kind === "incident";
      const made = L.marker(place, {
        icon: isIncident ? incidentIcon(p) : ownIcon(kind, p),
        title: kind === "label" ? "" : p.title,
        interactive: kind !== "label",
        keyboard: kind !== "label",
        zIndexOffset: Z_OFFSET[kind] + (isIncident ? 1000 * (4 - p.priority) : 0),
        riseOnHover: kind !== "label",
        pane: kind === "alarm" ? "alarms" : "markerPane",
        priority: p.priority,
      });
      if (kind !== "label") explain(kind)(feature, made);
      return made;
    };
  }

  // -- clusters ------------------------------------------------------------------------------------------------------

  function cluster(group) {
    const counts = [0, 0, 0, 0, 0];
    group.getAllChildMarkers().forEach((marker) => { counts[marker.options.priority] += 1; });
    const box = element("div", "cluster");
    [1, 2, 3, 4].filter((priority) => counts[priority]).forEach((priority) => {
      const part = element("span", "share", "");
      part.append(symbol("priority-" + priority, "swatch", "p" + priority), element("b", "", counts[priority]));
      box.append(part);
    });
    return L.divIcon({html: box, className: "place-of-mark", iconSize: [0, 0]});
  }

  function pile(group) {
    return L.divIcon({html: element("div", "pile", group.getChildCount()), className: "place-of-mark", iconSize: [0, 0]});
  }

  // What lies on one spot never comes apart by zooming: a few fan out, many are listed.
  function open(event) {
    const group = event.layer;
    const box = group.getBounds();
    const isOneSpot = box.getNorthEast().distanceTo(box.getSouthWest()) < ONE_SPOT_M;
    if (!isOneSpot && map.getZoom() < map.getMaxZoom()) {
      group.zoomToBounds({padding: [40, 40]});
    } else if (group.getChildCount() <= MOST_IN_A_FAN) {
      group.spiderfy();
    } else {
      list(group);
    }
  }

  function byPriorityThenNewest(a, b) {
    const [newer, older] = [b, a].map((marker) => marker.feature.properties.facts[0]);
    return a.options.priority - b.options.priority || newer.localeCompare(older, "en", {numeric: true});
  }

  function list(group) {
    const markers = group.getAllChildMarkers().sort(byPriorityThenNewest);
    const box = element("div", "card");
    const rows = element("ol", "incident-list");
    const popup = L.popup(cardOptions()).setLatLng(group.getLatLng());
    markers.forEach((marker) => {
      const p = marker.feature.properties;
      const row = element("button", "", p.title);
      const tone = p.ended ? "stale" : "p" + p.priority;
      row.prepend(symbol(`${p.ended ? "ended" : "priority"}-${p.priority}`, "swatch", tone));
      L.DomEvent.on(row, "click", (click) => { L.DomEvent.stop(click); popup.setContent(card("incident", p)); });
      const item = element("li", "", undefined);
      item.append(row);
      rows.append(item);
    });
    box.append(element("div", "card-title", words.here.replace("{count}", markers.length)), rows);
    popup.setContent(box).openOn(map);
  }

  // -- zoom ----------------------------------------------------------------------------------------------------------

  function metresPerPixel() {
    const zoom = map.getZoom();
    return METRES_PER_PIXEL_AT_ZOOM_0 * Math.cos(map.getCenter().lat * Math.PI / 180) / 2 ** zoom;
  }

  function widenRoads() {
    const perMetre = 1 / metresPerPixel();
    const zoom = map.getZoom();
    roads.forEach((layer) => layer.eachLayer((road) => {
      const p = road.feature.properties;
      const weight = Math.max(p.least_px, p.width_m * perMetre) + 2 * p.edge_px;
      road.setStyle({weight, opacity: zoom < p.from_zoom ? 0 : 1});
    }));
    map.getContainer().classList.toggle("near", zoom >= NEAR_ZOOM);
  }

  // -- names ---------------------------------------------------------------------------------------------------------

  function boxOf(node) {
    const box = node.getBoundingClientRect();
    return [box.left - LABEL_GAP_PX, box.top - 1, box.right + LABEL_GAP_PX, box.bottom + 1];
  }

  function overlaps(a, b) {
    return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
  }

  // The important ones first; incidents and units keep their place free.
  function placeNames() {
    awaited = 0;
    const container = map.getContainer();
    const zoom = map.getZoom();
    const seen = container.getBoundingClientRect();
    const taken = [...document.querySelectorAll(KEPT_FREE)].map(boxOf);
    const names = [...container.querySelectorAll(".name")].sort((a, b) => a.dataset.rank - b.dataset.rank);
    const boxes = names.map(boxOf);
    const shown = [seen.left, seen.top, seen.right, seen.bottom];
    names.forEach((name, place) => {
      const box = boxes[place];
      const isFree = name.dataset.rank < ALWAYS_BELOW_RANK || !taken.some((other) => overlaps(box, other));
      const fits = isFree && zoom >= name.dataset.fromZoom && overlaps(box, shown);
      if (fits) taken.push(box);
      name.classList.toggle("shown", fits);
      name.parentElement.classList.toggle("too-far", zoom < name.dataset.fromZoom);
    });
  }

  function placeNamesSoon() {
    if (!awaited) awaited = requestAnimationFrame(placeNames);
  }

  // -- the page ------------------------------------------------------------------------------------------------------

  function homeControl() {
    const Home = L.Control.extend({
      options: {position: "topleft"},
      onAdd() {
        const bar = element("div", "leaflet-bar");
        const button = element("a", "home", "");
        button.href = "#";
        button.title = words.home;
        button.setAttribute("role", "button");
        button.setAttribute("aria-label", words.home);
        button.append(element("span", "home-frame", ""));
        L.DomEvent.disableClickPropagation(bar);
        L.DomEvent.on(button, "click", (event) => { L.DomEvent.stop(event); map.fitBounds(bounds, view); });
        bar.append(button);
        return bar;
      },
    });
    return new Home();
  }

  // Before any layer is there: clusters that are made for another zoom would glide through the first seconds.
  function fit(options) {
    map = options.map;
    bounds = L.latLngBounds(options.bounds);
    const isWide = map.getSize().x > WIDE_PX;
    const roomPx = isWide ? PANEL_PX : MARGIN_PX;
    document.querySelector(".legend").open = isWide;
    view = {paddingTopLeft: [MARGIN_PX, MARGIN_PX], paddingBottomRight: [roomPx, MARGIN_PX], animate: false};
    map.fitBounds(bounds, view);
    map.setMaxBounds(bounds.pad(1));
    homeControl().addTo(map);
    L.control.scale({imperial: false}).addTo(map);
  }

  function start(options) {
    roads = options.roads;
    map.on("zoomend", widenRoads);
    map.on("zoomend moveend layeradd layerremove resize", placeNamesSoon);
    map.getContainer().addEventListener("transitionend", placeNamesSoon);  // marks glide when clusters open
    widenRoads();
    placeNames();
    document.body.classList.add("ready");
  }

  return {explain, mark, cluster, pile, open, fit, start, speak: (given) => { words = given; }};
})();

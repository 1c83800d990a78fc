// The page on a unit's phone: shows what the desk says, tells the desk what the unit does, keeps it while offline.
// Owns the queue (localStorage), the socket and the drawing of the state. Must not decide: the desk does.
"use strict";

const STORE = "streetdesk.";
const MOST_PHOTOS_KEPT = 3;
const PHOTO_EDGE_PX = 1600;
const HOLD_MS = 900;
const TAP_MS = 150;
const LONGEST_TOUCH_MS = 3000;
const POSITION_EVERY_MS = 15000;
const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 4000;
const HERE_WITHIN_M = 15;
const DIRECTIONS = ["north", "north_east", "east", "south_east", "south", "south_west", "west", "north_west"];
const KINDS = ["police", "joint_patrol", "urban_management", "fire", "medical", "mediator", "grid_member", "volunteer"];

const kept = {
  read(name, otherwise) {
    try { const text = localStorage.getItem(STORE + name); return text === null ? otherwise : JSON.parse(text); }
    catch { return otherwise; }
  },
  write(name, value) {
    try { localStorage.setItem(STORE + name, JSON.stringify(value)); return true; } catch { return false; }
  },
  forget(name) { localStorage.removeItem(STORE + name); },
};

let texts = kept.read("texts", {});
let language = kept.read("language", navigator.language.startsWith("zh") ? "zh" : "en");
let token = kept.read("token", "");
let state = kept.read("state", null);
let queue = kept.read("queue", []);
let socket = null;
let isOnline = false;
let isSending = false;
let retryMs = RETRY_FIRST_MS;
let skewMs = 0;
let notice = "";
let form = null;          // {kind, incident} of what is being asked
let watching = null;
let lastFixAt = 0;
let isTouched = false;    // a finger is down, or its tap is still on its way
let isDrawingLate = false;
let touchTimer = 0;
let holdTimer = 0;
const seen = new Set();   // tasks that were told as delivered or read since this page was opened

const t = (key, values = {}) => {
  const entry = texts[key];
  return (entry ? entry[language] : key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
};
const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
const deskNow = () => Date.now() + skewMs;
// In the language of the page, not of the browser; a day has 24 hours in both.
const clock = (ms) => new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

// -- drawing --------------------------------------------------------------------------------------------------------

function el(tag, options = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "on") for (const [event, handler] of Object.entries(value)) made.addEventListener(event, handler);
    else if (name in made && typeof value !== "string") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...inside.filter((part) => part !== null && part !== undefined && part !== ""));
  return made;
}
const button = (key, action, look = "", id = "") =>
  el("button", { type: "button", class: look, ...(id ? { id } : {}), on: { click: action } }, t(key));

// What is touched stays where it is until the finger has left it: on another element its tap would be lost.
function draw() {
  drawHead();
  isDrawingLate = isTouched;
  if (!isTouched) drawMain();
}

function touch() {
  isTouched = true;
  drawAfter(LONGEST_TOUCH_MS);
}

function letGo() {
  clearTimeout(holdTimer);
  holdTimer = 0;
  drawAfter(TAP_MS);
}

function drawAfter(ms) {
  clearTimeout(touchTimer);
  touchTimer = setTimeout(() => { isTouched = false; if (isDrawingLate) draw(); }, ms);
}

function drawHead() {
  document.title = t("title");
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.theme = kept.read("theme", "dark");
  document.getElementById("sign").textContent = state && token ? state.unit[language] : t("title");
  const link = document.getElementById("link");
  link.textContent = t(!token ? "unpaired" : isOnline ? "online" : "offline") + (queue.length ? ` · ${t("queued")} ${queue.length}` : "");
  link.className = isOnline ? "on" : "off";
  document.getElementById("language").textContent = language === "zh" ? "EN" : "中";
  const box = document.getElementById("notice");
  box.hidden = !notice;
  box.textContent = notice;
}

function drawMain() {
  const typed = [...document.querySelectorAll("[data-kept]")].map((e) => [e.id, e.value, e === document.activeElement]);
  const main = document.getElementById("main");
  main.replaceChildren(...(token ? drawUnit() : [drawPairing()]));
  for (const [id, value, focused] of typed) {
    const again = document.getElementById(id);
    if (!again) continue;
    again.value = value;
    if (focused) again.focus();
  }
}

function drawPairing() {
  const code = el("input", { type: "text", id: "code", class: "code", maxlength: "9", autocomplete: "off",
    autocapitalize: "characters", spellcheck: false, "data-kept": "", "aria-label": t("pair.title") });
  const go = (event) => { event.preventDefault(); pair(code.value); };
  return el("section", {}, el("h2", {}, t("pair.title")), el("p", { class: "second" }, t("pair.hint")),
    el("form", { on: { submit: go } }, code, el("div", { class: "row" },
      el("button", { type: "submit", class: "primary wide", id: "pair" }, t("pair.button")))));
}

function drawUnit() {
  const tasks = state ? state.tasks.map(drawTask) : [];
  if (!tasks.length && !(state && state.post)) tasks.push(el("section", { id: "idle" }, el("p", {}, t("no_task"))));
  return [drawPost(state && state.post), ...tasks, drawMessages(), drawPosition(), drawBar()].filter(Boolean);
}

function drawTask(task) {
  if (isOver(task)) {
    return el("section", { class: "task", "data-incident": task.incident },
      el("span", { class: "badge stage" }, t("stage.over")), " ", el("span", { class: "second" }, task.number),
      el("h2", {}, task.title));
  }
  const section = el("section", { class: "task", "data-incident": task.incident },
    el("span", { class: `badge p${task.priority}` }, `P${task.priority} ${task.kind[language]}`), " ",
    el("span", { class: "badge stage" }, t(`stage.${stageOf(task)}`)), " ",
    el("span", { class: "second" }, task.number),
    el("h2", {}, task.title), task.what ? el("p", {}, task.what) : null,
    drawRoll(task), drawPlace(task), drawHazards(task), drawSteps(task));
  if (form && form.incident === task.incident) section.append(form.kind === "decline" ? drawDecline(task) : drawMore(task));
  section.append(drawChecklist(task), drawAsked(task));
  return section;
}

// An order to stand by somewhere: it is answered like a task, and being there ends it.
const POST_ENDS = ["at_post", "post_decline"];
function drawPost(post) {
  const toldOf = (acts) => queue.some((act) => acts.includes(act.act) && act.item === post.order);
  if (!post || toldOf(POST_ENDS)) return null;
  const at = toldOf(["post_accept"]) ? "accepted" : post.stage;
  const say = (act) => () => tell(act, { item: post.order });
  const ask = () => { form = { kind: "decline", post: post.order }; draw(); showForm(); };
  const there = button("post.there", say("at_post"), at === "accepted" ? "primary wide" : "wide", "at_post");
  const steps = at === "accepted" ? [there, button("turn_back", ask, "", "post_decline")]
    : [button("accept", say("post_accept"), "primary", "post_accept"), button("decline", ask, "", "post_decline"), there];
  const reasons = form && form.post === post.order
    ? drawReasons((reason) => tell("post_decline", { item: post.order, reason })) : null;
  return el("section", { id: "post" }, el("span", { class: "badge stage" }, t(`stage.${at}`)), el("h2", {}, t("post")),
    el("p", {}, t("post.place", { place: post[language] })), ...drawWay(post), el("div", { class: "row" }, ...steps), reasons);
}

// What the unit has told stands on its screen at once; the desk's word comes over it.
const AHEAD = { accept: "accepted", en_route: "en_route", on_scene: "on_scene" };
const ENDS = ["available", "decline"];
const isOver = (task) => queue.some((act) => act.incident === task.incident && ENDS.includes(act.act));
const STAGES = ["sent", "delivered", "read", "accepted", "en_route", "on_scene"];
function stageOf(task) {
  const told = queue.filter((act) => act.incident === task.incident && AHEAD[act.act]).map((act) => AHEAD[act.act]);
  return [task.stage, ...told].reduce((far, one) => (STAGES.indexOf(one) > STAGES.indexOf(far) ? one : far));
}

function drawRoll(task) {
  if (!task.roll || stageOf(task) !== "on_scene") return null;
  if (task.roll.state === "paused") return el("p", { class: "second" }, t("roll.paused"));
  const told = queue.some((act) => act.act === "present" && act.incident === task.incident);
  const isDue = deskNow() > task.roll.due_at && !told;
  const time = clock(task.roll.due_at - skewMs);
  return el("div", { class: "row" },
    el("p", { class: isDue ? "wide hazard" : "wide second" }, isDue ? t("roll.due") : t("roll.next", { time })),
    el("button", { type: "button", class: isDue ? "primary wide" : "wide", id: "present",
      on: { click: () => tell("present", { incident: task.incident }) } }, t("roll")));
}

function drawPlace(task) {
  const parts = [el("h3", {}, t("where")), el("p", {}, task.address || "—"), ...drawWay(task)];
  if (task.reporter) parts.push(el("h3", {}, t("reporter")), el("p", {}, el("a", { href: `tel:${task.reporter}` }, task.reporter)));
  return el("div", {}, ...parts);
}

function drawWay(to) {
  const parts = [];
  if (to.way) {
    const bearing = t(DIRECTIONS[Math.round(to.way.bearing_deg / 45) % 8]);
    const near = to.way.distance_m <= HERE_WITHIN_M;
    parts.push(el("p", { class: "second" }, near ? t("here") : t("way", { distance: to.way.distance_m, bearing })));
  }
  if (to.lat !== null) {
    parts.push(el("p", {}, el("a", { href: `geo:${to.lat},${to.lon}?q=${to.lat},${to.lon}` }, t("open_map")),
      ` ${to.lat.toFixed(5)}, ${to.lon.toFixed(5)}`));
  }
  return parts;
}

function drawHazards(task) {
  if (!task.hazards.length) return null;
  return el("div", {}, el("h3", {}, t("hazards")), ...task.hazards.map((text) => el("p", { class: "hazard" }, `⚠ ${text}`)));
}

function drawSteps(task) {
  const incident = task.incident;
  const at = stageOf(task);
  const say = (act) => () => tell(act, { incident });
  const ask = (kind) => () => { form = { kind, incident }; draw(); showForm(); };
  const steps = [];
  if (["sent", "delivered", "read"].includes(at)) {
    steps.push(button("accept", say("accept"), "primary", "accept"), button("decline", ask("decline"), "", "decline"));
  } else if (at === "accepted") {
    steps.push(button("en_route", say("en_route"), "primary wide", "en_route"), button("on_scene", say("on_scene"), "", "on_scene"),
      button("turn_back", ask("decline"), "", "decline"));
  } else if (at === "en_route") {
    steps.push(button("on_scene", say("on_scene"), "primary wide", "on_scene"), button("turn_back", ask("decline"), "", "decline"),
      button("more", ask("more"), "", "more"));
  } else {
    steps.push(button("available", say("available"), "primary", "available"), button("more", ask("more"), "", "more"));
  }
  if (STAGES.indexOf(at) >= STAGES.indexOf("accepted")) steps.push(photoButton(incident));
  return el("div", { class: "row" }, ...steps);
}

// What was asked for opens below the thumb, which may be below the screen: its last button has to be at hand.
function showForm() {
  document.querySelector("#reasons, #asking")?.scrollIntoView({ block: "nearest" });
}

function photoButton(incident) {
  const file = el("input", { type: "file", accept: "image/*", capture: "environment", id: "photo",
    on: { change: () => { if (file.files.length) takePhoto(incident, file.files[0]); } } });
  return el("label", { class: "button wide" }, t("photo"), file);
}

function drawDecline(task) {
  return drawReasons((reason) => tell("decline", { incident: task.incident, reason }));
}

function drawReasons(decline) {
  const say = (reason) => () => { form = null; decline(reason); };
  return el("div", { class: "row", id: "reasons" }, el("h3", { class: "wide" }, t("decline.why")),
    ...state.reasons.map((reason) => el("button", { type: "button", class: "wide reason", on: { click: say(reason[language]) } }, reason[language])),
    el("button", { type: "button", class: "wide", on: { click: () => { form = null; draw(); } } }, t("cancel")));
}

function drawMore(task) {
  const kind = el("select", { id: "more-kind", "data-kept": "" }, ...KINDS.map((one) => el("option", { value: one }, t(`kind.${one}`))));
  const count = el("select", { id: "more-count", "data-kept": "" }, ...[1, 2, 3, 4, 5].map((n) => el("option", { value: String(n) }, String(n))));
  const reason = el("input", { type: "text", id: "more-reason", maxlength: "200", "data-kept": "", "aria-label": t("more.reason"), placeholder: t("more.reason") });
  const send = () => {
    form = null;
    tell("more", { incident: task.incident, kinds: [kind.value], count: Number(count.value), reason: reason.value });
  };
  return el("div", { class: "row", id: "asking" }, el("h3", { class: "wide" }, t("more.title")), kind, count,
    el("div", { class: "wide" }, reason), button("more.send", send, "primary", "more-send"),
    button("cancel", () => { form = null; draw(); }));
}

function answerTo(one) {
  if (one.settled) return t(`more.${one.settled}`);
  return one.sent ? t("more.partly", { count: one.sent }) : "…";
}

function drawAsked(task) {
  return el("div", {}, ...task.asked.map((one) => el("p", { class: "second asked" },
    `${t("more.asked", { count: one.count })} ${answerTo(one)} ${one.reason}`)));
}

function drawChecklist(task) {
  if (!task.checklist.length || !["accepted", "en_route", "on_scene"].includes(stageOf(task))) return el("div");
  const told = new Map(queue.filter((a) => a.act === "tick" && a.incident === task.incident).map((a) => [a.item, a.done]));
  return el("div", {}, el("h3", {}, t("checklist")), ...task.checklist.map((item) => {
    const box = el("input", { type: "checkbox", checked: told.get(item.id) ?? item.done, "data-item": item.id,
      on: { change: () => tell("tick", { incident: task.incident, item: item.id, done: box.checked }) } });
    return el("label", { class: "check" }, box, item[language]);
  }));
}

function drawMessages() {
  const waiting = queue.filter((act) => act.act === "message").map((act) => ({ text: act.text, mine: true, waits: true }));
  const all = [...(state ? state.messages : []), ...waiting];
  const write = el("input", { type: "text", id: "message", maxlength: "500", "data-kept": "", placeholder: t("message.write"), "aria-label": t("message.write") });
  const incident = state && state.tasks.length ? state.tasks[0].incident : "";
  const say = (text) => { if (text.trim()) tell("message", { text, incident }); };
  const go = (event) => { event.preventDefault(); const text = write.value; write.value = ""; say(text); };
  return el("section", { id: "messages" }, el("h3", {}, t("messages")),
    el("ol", { class: "messages" }, ...all.map((m) => el("li", { class: m.mine ? "mine" : "theirs" }, m.text + (m.waits ? " …" : "")))),
    el("div", { class: "phrases" }, ...(state ? state.phrases : []).map((phrase) =>
      el("button", { type: "button", class: "phrase", on: { click: () => say(phrase[language]) } }, phrase[language]))),
    el("form", { on: { submit: go } }, write, el("div", { class: "row" },
      el("button", { type: "submit", class: "wide", id: "send" }, t("send")))));
}

function drawPosition() {
  const typed = el("input", { type: "text", id: "place", inputmode: "decimal", "data-kept": "", placeholder: t("position.type"), "aria-label": t("position.type") });
  const report = () => {
    const numbers = typed.value.split(/[,，\s]+/).filter(Boolean).map(Number);
    if (numbers.length === 2 && numbers.every(Number.isFinite)) { typed.value = ""; tell("position", { lat: numbers[0], lon: numbers[1] }); }
  };
  return el("section", {}, el("h3", {}, watching === null ? t("position") : t("position.on")),
    el("div", { class: "row" }, button(watching === null ? "position" : "cancel", togglePosition, "wide", "share"),
      el("div", { class: "wide" }, typed), button("position.send", report, "wide", "place-send")));
}

function drawBar() {
  const hold = () => { touch(); alarm.classList.add("held"); holdTimer = setTimeout(emergency, HOLD_MS); };
  const leave = () => { alarm.classList.remove("held"); letGo(); };
  const alarm = el("button", { type: "button", class: "alarm", id: "emergency", on: {
    pointerdown: hold,
    pointerup: leave,
    pointerleave: leave,
    contextmenu: (event) => event.preventDefault(),
    keydown: (event) => { if (event.key === "Enter" && !event.repeat) hold(); },
    keyup: leave,
  } }, t("emergency"));
  return el("div", { id: "bar" }, alarm);
}

// -- acts -----------------------------------------------------------------------------------------------------------

function tell(act, values = {}) {
  if (act === "position") queue = queue.filter((one) => one.act !== "position" || one.isOnItsWay);
  queue.push({ id: newId(), act, at: Math.round(deskNow()), ...values });
  keepQueue();
  draw();
  sendNext();
}

function keepQueue() {
  if (!kept.write("queue", queue)) { notice = t("photo.full"); }
}

function emergency() {
  const place = kept.read("fix", {});
  notice = t("emergency.sent");
  tell("emergency", { lat: place.lat ?? null, lon: place.lon ?? null });
}

// One at a time and in order: an act is gone from the queue only when the desk has answered for it.
function sendNext() {
  if (!isOnline || isSending || !queue.length) return;
  isSending = true;
  const act = queue[0];
  if (act.act === "photo") { sendPhoto(act); return; }
  socket.send(JSON.stringify(act));
}

function answered(id, why) {
  isSending = false;
  queue = queue.filter((act) => act.id !== id);
  keepQueue();
  if (why) notice = `${t("refused")}：${why}`;
  draw();
  sendNext();
}

async function sendPhoto(act) {
  try {
    const bytes = Uint8Array.from(atob(act.data.split(",")[1]), (sign) => sign.charCodeAt(0));
    const answer = await fetch(`/photo?incident=${encodeURIComponent(act.incident)}&name=${act.at}`, {
      method: "POST", body: bytes, headers: { "Content-Type": "image/jpeg", Authorization: `Bearer ${token}` } });
    if (answer.ok) { notice = t("photo.sent"); answered(act.id, null); }
    else answered(act.id, (await answer.json()).error);
  } catch { isSending = false; setTimeout(sendNext, retryMs); }
}

async function takePhoto(incident, file) {
  if (queue.filter((act) => act.act === "photo").length >= MOST_PHOTOS_KEPT) { notice = t("photo.full"); draw(); return; }
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, PHOTO_EDGE_PX / Math.max(picture.width, picture.height));
  const canvas = el("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  // Drawn anew it carries no position or owner that the camera wrote into it.
  tell("photo", { incident, data: canvas.toDataURL("image/jpeg", 0.82) });
}

// -- position -------------------------------------------------------------------------------------------------------

function togglePosition() {
  if (watching !== null) { navigator.geolocation.clearWatch(watching); watching = null; draw(); return; }
  if (!navigator.geolocation || !isSecureContext) { notice = t("position.none"); draw(); return; }
  watching = navigator.geolocation.watchPosition((fix) => {
    kept.write("fix", { lat: fix.coords.latitude, lon: fix.coords.longitude });
    if (Date.now() - lastFixAt < POSITION_EVERY_MS) return;
    lastFixAt = Date.now();
    tell("position", { lat: fix.coords.latitude, lon: fix.coords.longitude });
  }, () => { watching = null; notice = t("position.none"); draw(); }, { enableHighAccuracy: true, maximumAge: 10000 });
  draw();
}

// -- link -----------------------------------------------------------------------------------------------------------

async function pair(code) {
  try {
    const answer = await fetch("/pair", { method: "POST", body: JSON.stringify({ code }), headers: { "Content-Type": "application/json" } });
    const told = await answer.json();
    if (!answer.ok) { notice = t(answer.status === 429 ? "pair.later" : "pair.code"); draw(); return; }
    token = told.token;
    notice = "";
    kept.write("token", token);
    connect();
  } catch { notice = t("pair.offline"); }
  draw();
}

function connect() {
  if (!token || (socket && socket.readyState <= WebSocket.OPEN)) return;
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
  socket.addEventListener("open", () => socket.send(JSON.stringify({ token })));
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", (event) => lost(event.code));
}

function lost(code) {
  isOnline = false;
  isSending = false;
  if (code === 4401) { unpair(); return; }
  retryMs = Math.min(retryMs * 2, RETRY_MOST_MS);
  setTimeout(connect, retryMs * (0.75 + Math.random() / 2));
  draw();
}

// What the unit told before stays in the queue of this phone only until it is paired for another unit.
function unpair() {
  token = "";
  state = null;
  queue = [];
  notice = t("revoked");
  for (const name of ["token", "state", "queue", "fix"]) kept.forget(name);
  draw();
}

function hear(told) {
  if (told.type === "state") {
    if (!isOnline) { isOnline = true; retryMs = RETRY_FIRST_MS; }
    state = told;
    skewMs = told.now - Date.now();
    kept.write("state", state);
    form = form && (state.tasks.some((task) => task.incident === form.incident) || (state.post && state.post.order === form.post)) ? form : null;
    tellWhatCame();
    draw();
    sendNext();
  } else if (told.type === "done" || told.type === "refused") {
    answered(told.id, told.why);
  }
}

// Delivered is what reached this phone, read is what stood on a screen that was not hidden.
function tellWhatCame() {
  const orders = [...state.tasks.map((task) => ({ ...task, act: "", about: { incident: task.incident } })),
    ...(state.post ? [{ ...state.post, act: "post_", about: { item: state.post.order } }] : [])];
  for (const order of orders) tellOnce(order, "delivered");
  if (document.visibilityState !== "visible") return;
  for (const order of orders) tellOnce(order, "read");
  if (state.messages.some((m) => !m.mine && !m.read) && !queue.some((act) => act.act === "messages_read")) tell("messages_read");
}

function tellOnce(order, what) {
  const key = `${what} ${JSON.stringify(order.about)} ${order.sent_at}`;
  const known = what === "delivered" ? order.stage !== "sent" : STAGES.indexOf(order.stage) >= STAGES.indexOf("read");
  if (known || seen.has(key)) return;
  seen.add(key);
  tell(`${order.act}${what}`, order.about);
}

async function begin() {
  document.addEventListener("pointerdown", touch, true);
  for (const end of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(end, letGo, true);
  document.addEventListener("click", () => { isTouched = false; }, true);
  document.getElementById("language").addEventListener("click", () => { language = language === "zh" ? "en" : "zh"; kept.write("language", language); draw(); });
  document.getElementById("theme").addEventListener("click", () => { kept.write("theme", kept.read("theme", "dark") === "dark" ? "light" : "dark"); draw(); });
  document.getElementById("notice").addEventListener("click", () => { notice = ""; draw(); });
  document.addEventListener("visibilitychange", () => { if (state && isOnline) tellWhatCame(); else connect(); });
  window.addEventListener("online", connect);
  draw();
  try { texts = await (await fetch("/texts.json")).json(); kept.write("texts", texts); } catch { notice = ""; }
  draw();
  connect();
  setInterval(() => { if (state && state.tasks.some((task) => task.roll) && !document.querySelector("input:focus, select:focus")) draw(); }, 5000);
}

begin();

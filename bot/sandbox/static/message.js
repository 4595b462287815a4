// Draws one message: words with their entities, and the inline keyboard under it. Everything is built from
// elements and text nodes, so nothing that a bot or a person writes can become markup. Called by app.js.

const SAFE_LINK = /^(https?:|tg:|mailto:|tel:)/i;

/** An element with properties and children; strings among the children become text nodes. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

function link(address, children) {
  if (!SAFE_LINK.test(address)) return make("span", {}, ...children);
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function plainLink(prefix, tidy = (words) => words) {
  return (children, entity, words) => link(prefix + tidy(words), children);
}

function spoiler(children) {
  const cover = make("button", { type: "button", className: "spoiler", "aria-expanded": "false", "aria-label": "Hidden words, press to show" });
  cover.append(...children);
  cover.addEventListener("click", () => {
    cover.setAttribute("aria-expanded", "true");
    cover.removeAttribute("aria-label");
  });
  return cover;
}

const wrap = (tag) => (children) => make(tag, {}, ...children);

// How each entity type of the Bot API is shown; a type that is not here is shown as plain words.
const SHOWN = {
  bold: wrap("strong"),
  italic: wrap("em"),
  underline: wrap("u"),
  strikethrough: wrap("s"),
  code: wrap("code"),
  pre: (children) => make("pre", {}, make("code", {}, ...children)),
  blockquote: wrap("blockquote"),
  expandable_blockquote: wrap("blockquote"),
  spoiler,
  text_link: (children, entity) => link(entity.url, children),
  url: (children, entity, words) => link(/^[a-z]+:/i.test(words) ? words : `https://${words}`, children),
  email: plainLink("mailto:"),
  phone_number: plainLink("tel:", (words) => words.replace(/[^+\d]/g, "")),
  bot_command: (children, entity, words, acts) => {
    const button = make("button", { type: "button", className: "word-button" }, ...children);
    button.addEventListener("click", () => acts.say(words));
    return button;
  },
};

/**
 * The words of [start, end) as nodes. Offsets are UTF-16 code units, as in the Bot API and in JavaScript strings.
 * `entities` are sorted, outer before inner; those that begin inside [start, end) are drawn within it.
 */
function drawRun(text, entities, start, end, acts) {
  const nodes = [];
  let at = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const stop = Math.min(entity.offset + entity.length, end);
    let next = index + 1;
    while (next < entities.length && entities[next].offset < stop) next += 1;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const inner = drawRun(text, entities.slice(index + 1, next), entity.offset, stop, acts);
    const show = SHOWN[entity.type];
    nodes.push(...(show ? [show(inner, entity, text.slice(entity.offset, stop), acts)] : inner));
    at = stop;
    index = next;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

export function drawWords(text, entities, acts) {
  const sorted = entities.map((entity, place) => ({ ...entity, place }));
  sorted.sort((a, b) => a.offset - b.offset || b.length - a.length || a.place - b.place);
  return drawRun(text, sorted, 0, text.length, acts);
}

function drawKey(button, message, acts) {
  if (button.url) {
    const start = acts.deepLink(button.url);
    if (start === null) return make("a", { className: "key away", href: SAFE_LINK.test(button.url) ? button.url : "#", target: "_blank", rel: "noopener noreferrer" }, button.text, make("span", { className: "unseen" }, " (opens a website)"));
    const inside = make("button", { type: "button", className: "key" }, button.text);
    inside.addEventListener("click", () => acts.say(start));
    return inside;
  }
  const key = make("button", { type: "button", className: "key" }, button.text);
  if (button.callback_data !== undefined) key.addEventListener("click", () => acts.press(message.id, button.callback_data));
  else if (button.copy_text) key.addEventListener("click", () => acts.copy(button.copy_text.text));
  else Object.assign(key, { disabled: true, title: "Works in Telegram only" });
  return key;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

function drawMeta(message, acts) {
  const meta = make("div", { className: "meta" });
  if (message.mine && message.kind === "text") {
    const change = make("button", { type: "button", className: "change", "aria-label": `Change your message: ${message.text.slice(0, 60)}` }, "Change");
    change.addEventListener("click", () => acts.change(message));
    meta.append(change);
  }
  const at = new Date(message.at * 1000);
  meta.append(make("span", {}, message.edited ? "changed " : "", make("time", { dateTime: at.toISOString() }, clock.format(at))));
  return meta;
}

/** The whole message. `acts` has say(text), press(id, data), change(message), copy(text), deepLink(url). */
export function drawMessage(message, acts) {
  const bubble = make("div", { className: "bubble" }, make("span", { className: "unseen" }, message.mine ? "You: " : "Bot: "));
  if (message.kind !== "text") bubble.append(make("span", { className: "medium" }, `A pretend ${message.kind.replaceAll("_", " ")}`));
  if (message.text) bubble.append(make("div", { className: "body", dir: "auto" }, ...drawWords(message.text, message.entities, acts)));
  bubble.append(drawMeta(message, acts));
  const whole = make("article", { className: message.mine ? "message mine" : "message", tabIndex: -1 }, bubble);
  whole.dataset.id = message.id;
  whole.dataset.looks = JSON.stringify(message);
  if (message.keyboard.length) {
    const rows = message.keyboard.map((row) => make("div", { className: "row" }, ...row.map((button) => drawKey(button, message, acts))));
    whole.append(make("div", { className: "keyboard", role: "group", "aria-label": "Buttons of this message" }, ...rows));
  }
  return whole;
}

// The try-out's page: who you pretend to be, their chat as the stand-in Telegram shows it, and the knobs for faults.
// It holds no state of its own worth keeping: after every event it asks the server again and draws what changed.

import { drawMessage, make } from "./message.js";

const TOKEN = document.querySelector('meta[name="run-token"]').content;
const TOAST_MS = 6000;
const TYPING_MS = 5000;
const at = (id) => document.getElementById(id);
const [scroll, log, words] = [at("scroll"), at("log"), at("words")];
const state = { cast: null, who: null, chat: null, editing: null, request: 0, typing: 0 };

// ---- Talking to the server -------------------------------------------------------------------------------------

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Run-Token": TOKEN },
    body: JSON.stringify(body),
  };
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("The try-out has stopped. Start it again with python3 -m bot and reload this page.");
  }
  const found = await answer.json().catch(() => ({ error: `The try-out answered ${answer.status}.` }));
  if (!answer.ok) throw new Error(found.error);
  return found;
}

const chatPath = (action = "") => `/api/chats/${encodeURIComponent(state.who)}${action}`;

async function tell(action, body) {
  try {
    await ask(chatPath(`/${action}`), body);
    return true;
  } catch (problem) {
    toast(problem.message, at("trouble"));
    return false;
  }
}

async function refresh() {
  const request = ++state.request;
  const chat = await ask(chatPath());
  if (request === state.request) draw(chat);
}

function listen() {
  const events = new EventSource("/api/events");
  events.addEventListener("open", () => refresh().catch(() => {}));
  events.addEventListener("chat", (event) => {
    const { who, toast: said, alert, typing } = JSON.parse(event.data);
    if (who !== state.who) return;
    if (typing !== undefined) showTyping(typing);
    if (said) (alert ? warn : toast)(said);
    refresh().catch((problem) => toast(problem.message, at("trouble")));
  });
  window.addEventListener("pagehide", () => events.close());
}

// ---- Short words over the chat ---------------------------------------------------------------------------------

function toast(text, place = at("toasts")) {
  const shown = make("p", { className: "toast" }, text);
  place.append(shown);
  setTimeout(() => shown.remove(), TOAST_MS);
}

function warn(text) {
  at("notice-text").textContent = text;
  if (!at("notice").open) at("notice").showModal();
}

/** A bot's "typing" lasts five seconds or until its next message, as at Telegram. */
function showTyping(on) {
  clearTimeout(state.typing);
  at("typing").hidden = !on;
  if (on) {
    state.typing = setTimeout(() => showTyping(false), TYPING_MS);
    if (isNearEnd()) toEnd();
  }
}

// ---- The chat --------------------------------------------------------------------------------------------------

const acts = {
  say: (text) => tell("say", { text }),
  press: (message, data) => tell("press", { message, data }),
  change: startEditing,
  deepLink: (address) => {
    const found = address.match(/^(?:https?:\/\/t\.me\/|tg:\/\/resolve\?domain=)([A-Za-z0-9_]+)(?:[?&]start=([A-Za-z0-9_-]*))?$/);
    return found && found[1].toLowerCase() === state.cast.bot.username.toLowerCase() ? `/start ${found[2] ?? ""}`.trim() : null;
  },
  copy: async (text) => {
    await navigator.clipboard.writeText(text).then(() => toast("Copied"), () => warn(text));
  },
};

const isNearEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;

/** To the end, but never past the top of one's own last message: all that answers it is read from its beginning. */
function toEnd() {
  const mine = [...log.querySelectorAll(".mine")].at(-1);
  const top = mine ? mine.getBoundingClientRect().top - scroll.getBoundingClientRect().top + scroll.scrollTop - 12 : Infinity;
  scroll.scrollTop = Math.min(top, scroll.scrollHeight);
}

/** Where the keyboard's focus lies inside `element`, as the number of the button, or null when it is elsewhere. */
function focusedButton(element) {
  if (!element.contains(document.activeElement)) return null;
  return [...element.querySelectorAll("button, a")].indexOf(document.activeElement);
}

function replaceMessage(old, fresh) {
  const place = focusedButton(old);
  old.replaceWith(fresh);
  if (place === null) return;
  const buttons = fresh.querySelectorAll("button, a");
  (buttons[Math.min(place, buttons.length - 1)] ?? fresh).focus({ preventScroll: true });
}

function drawMessages(messages) {
  const old = new Map([...log.querySelectorAll(".message")].map((element) => [element.dataset.id, element]));
  let last = null;
  for (const message of messages) {
    const looks = JSON.stringify(message);
    let element = old.get(String(message.id));
    old.delete(String(message.id));
    if (!element || element.dataset.looks !== looks) {
      const fresh = drawMessage(message, acts);
      if (element) replaceMessage(element, fresh);
      else if (last) last.after(fresh);
      else log.prepend(fresh);
      element = fresh;
    }
    last = element;
  }
  for (const gone of old.values()) gone.remove();
}

function draw(chat) {
  const switched = state.chat?.id !== chat.id;
  const added = switched ? chat.messages : chat.messages.slice(state.chat.messages.length);
  const follow = switched || (added.length > 0 && isNearEnd()) || added.some((message) => message.mine);
  if (switched) {
    log.setAttribute("aria-live", "off");
    log.replaceChildren();
    stopEditing();
    showTyping(false);
    at("toasts").replaceChildren();
  }
  state.chat = chat;
  drawMessages(chat.messages);
  at("chat-title").replaceChildren(chat.name, make("span", {}, ` talks with ${state.cast.bot.name}`));
  at("empty").hidden = chat.messages.length > 0;
  at("empty-hint").textContent = chat.openers.length ? "Write below, or begin with one of these." : "What the bot sends to this person shows here.";
  at("chat-hint").textContent = chat.about;
  at("block").setAttribute("aria-pressed", String(chat.blocked));
  at("block").textContent = chat.blocked ? "Bot is blocked" : "Block the bot";
  at("reset").hidden = !chat.resettable;
  drawOpeners(chat);
  drawCommands(chat.commands);
  document.title = `${chat.name} · Try-out`;
  if (follow) toEnd();
  if (switched) requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
}

function drawOpeners(chat) {
  const lines = chat.messages.some((message) => message.mine) ? [] : chat.openers;
  const drawn = [...at("openers").children].map((button) => button.textContent);
  if (lines.join("\n") === drawn.join("\n")) return;
  at("openers").replaceChildren(...lines.map((line) => {
    const button = make("button", { type: "button", className: "opener" }, line);
    button.addEventListener("click", async () => {
      await acts.say(line);
      words.focus();
    });
    return button;
  }));
}

// ---- Who you are -----------------------------------------------------------------------------------------------

async function become(who) {
  state.who = who;
  for (const button of document.querySelectorAll("[data-who]")) {
    if (button.dataset.who === who) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  const persona = state.cast.personas.find((one) => one.who === who);
  if (persona) at("recipients-box").hidden = !persona.organiser;
  if (persona?.organiser) await drawRecipients();
  await refresh();
}

function personButton(one) {
  const button = make("button", { type: "button", className: "person" },
    make("span", { className: "face", "aria-hidden": "true" }, one.name.slice(0, 1)),
    make("b", {}, one.label), make("small", {}, one.name));
  button.dataset.who = one.who;
  button.addEventListener("click", () => become(one.who).catch((problem) => toast(problem.message, at("trouble"))));
  return make("li", {}, button);
}

async function drawRecipients() {
  const { recipients } = await ask("/api/recipients", {});
  const blocked = recipients.filter((one) => one.blocked).length;
  at("recipients-hint").textContent = `${recipients.length} people for announcements, ${blocked} of whom blocked the bot. Choose one to see what arrives in their chat.`;
  at("recipients").replaceChildren(...recipients.map((one, place) => {
    const button = make("button", { type: "button", className: one.blocked ? "chip blocked" : "chip", "aria-label": one.blocked ? `${one.name}, blocked the bot` : one.name }, String(place + 1));
    button.dataset.who = one.who;
    if (one.who === state.who) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => become(one.who).catch((problem) => toast(problem.message, at("trouble"))));
    return make("li", {}, button);
  }));
}

// ---- Writing ---------------------------------------------------------------------------------------------------

function fit() {
  words.style.height = "auto";
  words.style.height = `${words.scrollHeight}px`;
}

function startEditing(message) {
  state.editing = message.id;
  at("editing").hidden = false;
  words.value = message.text;
  fit();
  words.focus();
}

function stopEditing() {
  if (state.editing === null) return;
  state.editing = null;
  at("editing").hidden = true;
  words.value = "";
  fit();
}

async function send() {
  const text = words.value;
  if (!text.trim()) return;
  const editing = state.editing;
  const done = editing === null ? await tell("say", { text }) : await tell("edit", { message: editing, text });
  if (!done) return;
  if (editing === null) words.value = "";
  else stopEditing();
  fit();
}

function writingKeys(event) {
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape") {
    stopEditing();
  } else if (event.key === "ArrowUp" && !words.value && state.editing === null) {
    const mine = state.chat?.messages.filter((message) => message.mine && message.kind === "text").at(-1);
    if (!mine) return;
    event.preventDefault();
    startEditing(mine);
  }
}

// ---- Menus -----------------------------------------------------------------------------------------------------

function openable(opener, menu) {
  const show = (open) => {
    menu.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  };
  opener.addEventListener("click", () => {
    show(menu.hidden);
    if (!menu.hidden) menu.querySelector("button")?.focus();
  });
  const box = opener.parentElement;
  box.addEventListener("focusout", (event) => box.contains(event.relatedTarget) || show(false));
  box.addEventListener("keydown", (event) => {
    const buttons = [...menu.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && !menu.hidden) {
      show(false);
      opener.focus();
    } else if (step && buttons.length && !menu.hidden) {
      event.preventDefault();
      buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length).focus();
    }
  });
  return () => {
    show(false);
    words.focus();
  };
}

const closeCommands = openable(at("open-commands"), at("commands"));
const closeMedia = openable(at("open-media"), at("media"));

function drawCommands(commands) {
  const menu = at("commands");
  const looks = JSON.stringify(commands);
  if (menu.dataset.looks === looks) return;
  menu.dataset.looks = looks;
  menu.replaceChildren(...commands.map(({ command, description }) => {
    const button = make("button", { type: "button" }, make("b", {}, `/${command}`), ` ${description}`);
    button.addEventListener("click", () => {
      closeCommands();
      acts.say(`/${command}`);
    });
    return button;
  }));
  if (!commands.length) menu.append(make("p", { className: "hint" }, "The bot has published no commands yet."));
}

function drawMedia(kinds) {
  at("media").replaceChildren(make("p", { className: "hint" }, "What stands in the box goes along as its caption."), ...kinds.map(({ kind, label, captioned }) => {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", async () => {
      closeMedia();
      if (await tell("send", { kind, caption: captioned ? words.value.trim() : "" }) && captioned) {
        words.value = "";
        fit();
      }
    });
    return button;
  }));
}

// ---- Faults ----------------------------------------------------------------------------------------------------

function drawFaults(knobs) {
  const on = knobs.some((knob) => knob.value > 0);
  at("faults-mark").hidden = !on;
  at("open-faults").classList.toggle("on", on);
  at("faults-fields").replaceChildren(...knobs.map((knob) => {
    const input = make("input", { id: `knob-${knob.name}`, name: knob.name, type: "number", min: 0, max: 100, step: 1, value: knob.value, required: true, "aria-describedby": `about-${knob.name}` });
    return make("div", { className: "knob" },
      make("label", { for: input.id }, knob.label), input, make("span", { "aria-hidden": "true" }, "%"),
      make("p", { className: "hint", id: `about-${knob.name}` }, knob.about));
  }));
}

async function setFaults(values) {
  try {
    drawFaults((await ask("/api/faults", values)).faults);
    at("faults").close();
  } catch (problem) {
    toast(problem.message, at("trouble"));
  }
}

function prepareFaults() {
  at("open-faults").addEventListener("click", async () => {
    drawFaults((await ask("/api/faults")).faults);
    at("faults").showModal();
  });
  at("faults-close").addEventListener("click", () => at("faults").close());
  at("faults-clear").addEventListener("click", () => setFaults({}));
  at("faults-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const inputs = [...event.target.elements].filter((element) => element.name);
    setFaults(Object.fromEntries(inputs.map((input) => [input.name, Number(input.value)])));
  });
}

// ---- Start -----------------------------------------------------------------------------------------------------

async function start() {
  at("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  words.addEventListener("keydown", writingKeys);
  words.addEventListener("input", fit);
  at("stop-editing").addEventListener("click", () => {
    stopEditing();
    words.focus();
  });
  at("open-about").addEventListener("click", () => at("about").showModal());
  at("block").addEventListener("click", () => tell("block", { blocked: !state.chat.blocked }));
  at("reset").addEventListener("click", async () => {
    if (await tell("reset", {})) words.focus();
  });
  prepareFaults();
  state.cast = await ask("/api/cast");
  at("about-more").textContent = state.cast.about;
  at("cast").replaceChildren(...state.cast.personas.map(personButton));
  drawMedia(state.cast.media);
  drawFaults(state.cast.faults);
  await become(state.cast.personas[0].who);
  listen();
}

start().catch((problem) => toast(problem.message, at("trouble")));

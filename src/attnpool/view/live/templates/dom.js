const page = JSON.parse(document.getElementById("page").textContent);
const $ = (id) => document.getElementById(id);
let words = page.words.en;

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

/* A phrase of the page's language with its fields filled in. */
function say(key, fields = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => String(fields[name]));
}

/* A phrase in which some fields are elements: names from outside, each isolated by itself. */
function sayIn(element, key, fields) {
  element.replaceChildren();
  for (const part of words[key].split(/(\{\w+\})/)) {
    const field = /^\{(\w+)\}$/.exec(part), value = field ? fields[field[1]] : part;
    element.append(...(Array.isArray(value) ? value : [value]));
  }
}

function isolated(text) {
  return make("bdi", "", visible(text));
}

/* A row of buttons of which one is pressed; the label stands before them. */
function choice(row, label, names, pressed, choose) {
  const focused = [...row.querySelectorAll("button")].indexOf(document.activeElement);
  row.setAttribute("aria-label", label);
  row.replaceChildren(make("span", "", label), ...names.map((name, number) => {
    const one = button(name, () => choose(number));
    if (pressed !== null) one.setAttribute("aria-pressed", String(number === pressed));
    return one;
  }));
  if (focused >= 0) row.querySelectorAll("button")[focused]?.focus();
}

/* A button; what it is called may come from outside. */
function button(name, press, kind) {
  const one = make("button", kind);
  one.type = "button";
  if (name) one.append(isolated(name));
  one.addEventListener("click", press);
  return one;
}

/* Work that stops for typing and drawing every few milliseconds. */
function inSlices(steps, finished, delay = 0) {
  let stopped = false;
  const go = () => {
    const until = performance.now() + 8;
    let step = { done: false };
    while (!stopped && !step.done && performance.now() < until) step = steps.next();
    if (stopped) return;
    if (step.done) finished(step.value);
    else setTimeout(go);
  };
  setTimeout(go, delay);
  return () => { stopped = true; };
}

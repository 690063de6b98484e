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
  row.setAttribute("aria-label", label);
  row.replaceChildren(make("span", "", label));
  names.forEach((name, number) => {
    const button = row.appendChild(make("button"));
    button.type = "button";
    button.appendChild(isolated(name));
    if (pressed !== null) button.setAttribute("aria-pressed", String(number === pressed));
    button.addEventListener("click", () => choose(number));
  });
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

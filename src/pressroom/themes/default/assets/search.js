// Search without a server: chunks of the index are fetched newest first and matched here.
"use strict";
const ENOUGH = 20;
const AROUND = 90;
const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const root = document.getElementById("search");
const input = root.querySelector("input");
const status = root.querySelector("[role=status]");
const list = root.querySelector("ol");
const more = root.querySelector(".more");
const chunks = new Map();
let index = null;
let asked = 0;

// Letters without case, width or accents, as people type them.
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// Words and "phrases" that must occur; -words that must not.
function parse(query) {
  const terms = [];
  for (const [, minus, phrase, word] of query.matchAll(/(-?)(?:["“”「]([^"“”」]+)["“”」]?|([^\s"“”「」]+))/gu)) {
    const text = fold((phrase ?? word).trim());
    if (text) terms.push({ text, not: minus === "-", whole: !HAN.test(text) });
  }
  return terms.some((term) => !term.not) ? terms : [];
}

// A Latin term begins a word; a Chinese one stands anywhere.
function find(text, term, from = 0) {
  let at = text.indexOf(term.text, from);
  while (at > 0 && term.whole && /[\p{L}\p{N}]/u.test(text[at - 1]) && /^[\p{L}\p{N}]/u.test(term.text)) {
    at = text.indexOf(term.text, at + 1);
  }
  return at;
}

function score(post, terms) {
  post.folded ??= [[fold(post.title), 8], [fold(post.tags.join(" ")), 5], [fold(post.summary), 3], [fold(post.text), 1]];
  let sum = 0;
  for (const term of terms) {
    const weight = post.folded.reduce((all, [text, value]) => all + (find(text, term) >= 0 ? value : 0), 0);
    if ((weight > 0) === term.not) return 0;
    sum += weight;
  }
  return sum;
}

// The places of the terms in the original text, by way of a map from folded letters back to it.
function places(text, terms) {
  let folded = "";
  const origin = [];
  let offset = 0;
  for (const letter of text) {
    const piece = fold(letter);
    for (let i = 0; i < piece.length; i += 1) origin.push(offset);
    folded += piece;
    offset += letter.length;
  }
  origin.push(text.length);
  const found = [];
  for (const term of terms.filter((one) => !one.not)) {
    for (let at = find(folded, term); at >= 0 && found.length < 40; at = find(folded, term, at + term.text.length)) {
      found.push([origin[at], origin[at + term.text.length]]);
    }
  }
  return found.sort((a, b) => a[0] - b[0]);
}

function marked(element, text, spans, from = 0, to = text.length) {
  let at = from;
  for (const [start, end] of spans) {
    if (start < at || end > to) continue;
    const hit = document.createElement("mark");
    hit.textContent = text.slice(start, end);
    element.append(text.slice(at, start), hit);
    at = end;
  }
  element.append(text.slice(at, to));
  return element;
}

// A place to cut the text: after the next space, or right there where words have none.
function edge(text, wanted, limit) {
  if (wanted <= 0) return 0;
  const space = text.indexOf(" ", wanted) + 1;
  return space > 0 && space - wanted < 20 ? Math.min(space, limit) : Math.min(wanted, limit);
}

function excerpt(element, post, terms) {
  const inText = places(post.text, terms);
  const source = inText.length && !places(post.summary, terms).length ? post.text : post.summary || post.text;
  const spans = places(source, terms);
  const first = spans.length ? spans[0][0] : 0;
  const [from, to] = [edge(source, first - AROUND, first), edge(source, first + 2 * AROUND, source.length)];
  if (from > 0) element.append("…");
  marked(element, source, spans, from, to);
  if (to < source.length) element.append("…");
}

function show(post, terms) {
  const item = document.createElement("li");
  item.className = "entry";
  const when = Object.assign(document.createElement("p"), { className: "when", textContent: post.date });
  const title = document.createElement("h2");
  const link = document.createElement("a");
  link.href = post.url;
  title.append(marked(link, post.title, places(post.title, terms)));
  const text = Object.assign(document.createElement("p"), { className: "summary" });
  for (const part of [title, text]) Object.assign(part, { lang: post.lang, dir: "auto" });
  excerpt(text, post, terms);
  item.append(when, title, text);
  return item;
}

async function fetched(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} at ${url}`);
  return answer.json();
}

async function postsOf(url) {
  if (!chunks.has(url)) chunks.set(url, await fetched(url));
  return chunks.get(url);
}

const say = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function report(query, hits, whole) {
  const words = root.dataset;
  const phrase = !whole ? words.some : [words.none, words.one][hits.length] ?? words.many;
  status.textContent = say(phrase, { query: `“${query}”`, count: hits.length });
}

async function search(query, limit) {
  const turn = ++asked;
  const terms = parse(query);
  more.hidden = true;
  if (!terms.length) {
    list.replaceChildren();
    status.textContent = root.dataset.idle;
    return;
  }
  status.textContent = root.dataset.busy;
  try {
    index ??= await fetched(root.dataset.index);
    const hits = [];
    let read = 0;
    while (read < index.chunks.length && hits.length < limit) {
      const ahead = index.chunks.slice(read, read + 4);
      for (const posts of await Promise.all(ahead.map(postsOf))) {
        hits.push(...posts.map((post) => [score(post, terms), post]).filter(([value]) => value > 0));
      }
      if (turn !== asked) return;
      read += ahead.length;
    }
    hits.sort((a, b) => b[0] - a[0]);
    list.replaceChildren(...hits.map(([, post]) => show(post, terms)));
    const whole = read >= index.chunks.length;
    report(query.trim(), hits, whole);
    more.hidden = whole;
    more.onclick = () => search(query, hits.length + ENOUGH);
  } catch (error) {
    if (turn === asked) status.textContent = root.dataset.failed;
    throw error;
  }
}

function remember(query) {
  const address = query ? `?q=${encodeURIComponent(query)}` : location.pathname;
  history.replaceState(null, "", address);
}

// Arrow keys walk from the field through the results and back.
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [input, ...list.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement);
  if (!step || at < 0) return;
  stops[at + step]?.focus();
  event.preventDefault();
}

let pause;
input.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => { remember(input.value.trim()); search(input.value, ENOUGH); }, 150);
});
root.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  remember(input.value.trim());
  search(input.value, ENOUGH);
});
root.addEventListener("keydown", walk);
root.hidden = false;
input.value = new URLSearchParams(location.search).get("q") ?? "";
if (!input.value) input.focus();
search(input.value, ENOUGH);

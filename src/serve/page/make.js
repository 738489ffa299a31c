// What the pages share. What others wrote is only ever set as text.

export const $ = (id) => document.getElementById(id);

/** A new element with attributes and children. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Asks the server; the answer's JSON, or an error with what the server says. */
export async function ask(path, options) {
  const unreached = () => {
    throw new Error("The server does not answer: is it still running?");
  };
  const response = await fetch(path, options).catch(unreached);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

/** `1 sentence`, `2 sentences`. */
export const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

export const percent = (share) => `${Math.round(share * 100)} %`;

export function tell(text, wrong = false) {
  $("status").textContent = text;
  $("status").classList.toggle("wrong", wrong);
}

// All words of the page, in both languages: its own, and the doctor's sentences by their codes.

const KEPT = "vision-ai-console-language";

const tables = ["page/texts.json", "page/findings.json"].map(async (path) => (await fetch(path)).json());
const table = Object.assign({}, ...(await Promise.all(tables)));
const listeners = [];
let language = localStorage.getItem(KEPT) ?? document.documentElement.lang;

/** The text of that key in the language of now; `{name}` stands for `facts.name`. */
export function t(key, facts = {}) {
  const text = table[key]?.[language] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
}

/** Whether there is such a text. */
export const has = (key) => key in table;

export const percent = (part) => new Intl.NumberFormat(language, {style: "percent"}).format(part);

/** A point in time, given in seconds. */
export const moment = (seconds) =>
  new Intl.DateTimeFormat(language, {dateStyle: "medium", timeStyle: "short"}).format(seconds * 1000);

/** A number of bytes. */
export function size(bytes) {
  const [unit, divisor] = bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  const style = {style: "unit", unit, maximumFractionDigits: bytes < 1e8 ? 1 : 0};
  return new Intl.NumberFormat(language, style).format(bytes / divisor);
}

/** One line for what went wrong: what happened, and what to do. */
export function failureText(failure) {
  if (failure.kind !== "device" && !failure.code) {
    return t(has(`failure.${failure.kind}`) ? `failure.${failure.kind}` : "failure.unexpected", failure);
  }
  if (failure.kind === "transfer") return `${t("failure.transfer", failure)} (${failure.code})`;
  const meaning = has(`code.${failure.name}`) ? t(`code.${failure.name}`) : failure.meaning;
  const advice = has(`advice.${failure.category}`) ? t(`advice.${failure.category}`) : failure.advice;
  return `${t("failure.device", {...failure, meaning: meaning.replace(/[.。]$/, "")})}${language === "zh" ? "。" : ". "}${advice}`;
}

/** What the doctor found, in English as the command line has it; the module's errors as the page tells errors. */
export function findingText({code, values, what}) {
  if (language === "en" || !has(code)) return what;
  const {error_code: number, error_name: name, error_category: category} = values;
  if (!has(`code.${name}`)) return t(code, values);
  return t(code, {...values, error: failureText({kind: "device", code: number, name, category})});
}

/** Whether the module's own messages, which are Chinese, can be read by whoever reads this. */
export const readsChinese = () => language === "zh";

/** Calls back now and whenever the language changes. */
export function onLanguage(listener) {
  listeners.push(listener);
  listener();
}

function fillIn() {
  document.documentElement.lang = language;
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
  }
  for (const element of document.querySelectorAll("[data-t-alt]")) element.alt = t(element.dataset.tAlt);
}

document.getElementById("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem(KEPT, language);
  for (const listener of listeners) listener();
});

onLanguage(fillIn);

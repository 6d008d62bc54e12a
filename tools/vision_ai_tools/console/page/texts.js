// The texts of the page and of the doctor, in each language. A page with texts of its own names its tables.

import {isOnUsb} from "./connection.js";

const LANGUAGES = ["en", "ru", "zh"];
const STORAGE_KEY = "vision-ai-console-language";

const paths = document.documentElement.dataset.tables?.split(" ") ?? ["page/texts/console.json", "page/texts/doctor.json"];
const tables = paths.map(async (path) => (await fetch(path)).json());
const texts = Object.assign({}, ...(await Promise.all(tables)));
const listeners = [];
const stored = localStorage.getItem(STORAGE_KEY);
let language = LANGUAGES.includes(stored) ? stored : document.documentElement.lang;

/** The text for a key in the current language, with `{name}` replaced by `values.name`. */
export function t(key, values = {}) {
  const text = texts[key]?.[language] ?? texts[key]?.en ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export const hasText = (key) => Object.hasOwn(texts, key);

export const formatPercent = (share) => new Intl.NumberFormat(language, {style: "percent"}).format(share);

export const formatNumber = (value, digits = 0) =>
  new Intl.NumberFormat(language, {maximumFractionDigits: digits}).format(value);

/** Formats a day that is given as "YYYY-MM-DD". */
export const formatDay = (day) =>
  new Intl.DateTimeFormat(language, {weekday: "short", day: "numeric", month: "short", timeZone: "UTC"}).format(
    new Date(day),
  );

/** Formats a time that is given in seconds. */
export const formatTime = (seconds) =>
  new Intl.DateTimeFormat(language, {dateStyle: "medium", timeStyle: "short"}).format(seconds * 1000);

export function formatSize(bytes) {
  const [unit, divisor] = bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  const style = {style: "unit", unit, maximumFractionDigits: bytes < 1e8 ? 1 : 0};
  return new Intl.NumberFormat(language, style).format(bytes / divisor);
}

export const formatList = (items) => items.join(language === "zh" ? "、" : ", ");

/** One line about a failure to read from the module. */
export function readErrorText(failure) {
  return ["unreachable", "timeout", "lost"].includes(failure.kind) ? t("unreachable.title") : failureText(failure);
}

/** One line about the failure of an action: what happened, and what to do. */
export function failureText(failure) {
  if (failure.code) return deviceErrorText(failure);
  const place = isOnUsb() ? "usb" : "other";
  const keys = [
    `failure.${failure.kind}.${failure.transfer}.${failure.status}`,
    `failure.${failure.kind}.${place}`,
    `failure.${failure.kind}`,
  ];
  return addAdvice(t(keys.find(hasText) ?? "failure.unexpected", failure), failure);
}

/** An error code of the module. The SDK's English text is used for codes that are newer than the page. */
function deviceErrorText(failure) {
  const {code, name} = failure;
  const meaning = hasText(`code.${name}`) ? t(`code.${name}`) : failure.meaning.replace(/\.$/, "");
  return addAdvice(t("failure.device", {meaning, code}), failure);
}

/** Adds what to do about an error of the module, which depends on its code and on the operation. */
const addAdvice = (text, {advice}) => (advice ? t("failure.advice", {text, advice: advice[language] ?? advice.en}) : text);

/** A finding of the doctor. */
export function findingText({code, values, what, failure}) {
  if (!hasText(code)) return what;
  return t(code, {...values, error: failure ? deviceErrorText(failure) : values.error});
}

/** Whether the user can read the module's own messages, which are in Chinese. */
export const readsChinese = () => language === "zh";

/** Calls the listener now and whenever the language changes. */
export function onLanguage(listener) {
  listeners.push(listener);
  listener();
}

function translatePage() {
  document.documentElement.lang = language;
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
  }
  for (const element of document.querySelectorAll("[data-t-alt]")) element.alt = t(element.dataset.tAlt);
}

const select = document.getElementById("language");
select.value = language;
select.addEventListener("change", () => {
  language = select.value;
  localStorage.setItem(STORAGE_KEY, language);
  for (const listener of listeners) listener();
});

onLanguage(translatePage);

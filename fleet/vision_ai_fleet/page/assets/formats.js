// Values as texts.

import {formatTime, hasText, t} from "./texts.js";

const language = () => document.documentElement.lang;
const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago a time in seconds was; a dash for none. */
export function formatAge(seconds) {
  if (typeof seconds !== "number") return "–";
  const age = Date.now() / 1000 - seconds;
  const format = new Intl.RelativeTimeFormat(language(), {numeric: "always", style: "short"});
  for (const [unit, length] of UNITS) if (Math.abs(age) >= length) return format.format(-Math.trunc(age / length), unit);
  return t("age.now");
}

/** A time in seconds; a dash for none, or one that no calendar has. */
export function formatMoment(seconds) {
  return typeof seconds === "number" && Math.abs(seconds) < 8e12 ? formatTime(seconds) : "–";
}

/** How many seconds something took. */
export function formatDuration(seconds) {
  const [unit, length] = [...UNITS, ["second", 1]].find(([, each]) => seconds >= each) ?? ["second", 1];
  const style = {style: "unit", unit, unitDisplay: "short", maximumFractionDigits: seconds < 10 ? 1 : 0};
  return new Intl.NumberFormat(language(), style).format(seconds / length);
}

/** A module's error, by its name; its number for one that is newer than the page. */
export const errorText = ({code, error}) =>
  error !== "UNKNOWN" && hasText(`code.${error}`) ? t("failure.device", {meaning: t(`code.${error}`), code}) : t("error", {code});

/** A share in percent with a decimal, as figures of millions of weighings deserve. */
export const formatExactPercent = (share) =>
  new Intl.NumberFormat(language(), {style: "percent", maximumFractionDigits: 1}).format(share);

const UNIT = /\b(pixels?|seconds?|milliseconds?|minutes?|bytes?|percent|grams?|kilograms?|hertz)\b|°C|unit is not documented/i;
// A number that is a name for something points, in backquotes, to the enumeration of what it can be.
const NAMES_AN_ENUMERATION = /see `[A-Z]\w+`/;

export default function saysWhatItCounts(schema) {
  if (schema === null || typeof schema !== "object") return [];
  if (![].concat(schema.type ?? []).some((type) => type === "integer" || type === "number")) return [];
  const bounded =
    (schema.minimum ?? schema.exclusiveMinimum) !== undefined &&
    (schema.maximum ?? schema.exclusiveMaximum) !== undefined;
  const words = schema.description ?? "";
  if (bounded || schema.enum || UNIT.test(words) || NAMES_AN_ENUMERATION.test(words)) return [];
  return [{ message: "a number needs minimum and maximum, or its unit in the description" }];
}

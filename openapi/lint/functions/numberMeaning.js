const UNIT = /\b(pixels?|seconds?|milliseconds?|minutes?|bytes?|percent|fraction|grams?|kilograms?|hertz)\b|°C|how many|number of the TCP port|(unit is|values are) not documented/i;
// A number that identifies something refers to the enumeration of its values, in backquotes.
const REFERS_TO_ENUMERATION = /see `[A-Z]\w+`/;

export default function numberMeaning(schema) {
  if (schema === null || typeof schema !== "object") return [];
  if (![].concat(schema.type ?? []).some((type) => type === "integer" || type === "number")) return [];
  const bounded =
    (schema.minimum ?? schema.exclusiveMinimum) !== undefined &&
    (schema.maximum ?? schema.exclusiveMaximum) !== undefined;
  const description = schema.description ?? "";
  if (bounded || schema.enum || UNIT.test(description) || REFERS_TO_ENUMERATION.test(description)) return [];
  return [{ message: "a number needs minimum and maximum, or its unit in the description" }];
}

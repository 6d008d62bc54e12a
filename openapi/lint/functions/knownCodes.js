// The error codes of an operation are those of the catalog, and its ranges are named there.
export default function knownCodes(operation, _options, context) {
  const root = context.document.data;
  const known = {
    "x-error-codes": (root["x-error-codes"] ?? []).map((entry) => entry.code),
    "x-error-ranges": (root["x-error-ranges"] ?? []).map((entry) => entry.name),
  };
  return Object.entries(known).flatMap(([extension, values]) =>
    (operation[extension] ?? [])
      .filter((value) => !values.includes(value))
      .map((value) => ({
        message: `${value} is not in ${extension} at the root`,
        path: [...context.path, extension],
      })),
  );
}

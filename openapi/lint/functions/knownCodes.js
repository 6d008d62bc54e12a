export default function knownCodes(operation, _options, context) {
  const known = (context.document.data["x-error-codes"] ?? []).map((entry) => entry.code);
  return (operation["x-error-codes"] ?? [])
    .filter((code) => !known.includes(code))
    .map((code) => ({
      message: `${code} is not in the catalog at the root`,
      path: [...context.path, "x-error-codes"],
    }));
}

const CASES = [/^[a-z]+([A-Z][a-zA-Z0-9]*)?$/, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/];

export default function consistentCase(fields) {
  // Where each field names its source, the vendor's own page mixes the two.
  if (Object.values(fields ?? {}).every((field) => field["x-known-from"])) return [];
  const names = Object.keys(fields ?? {});
  if (CASES.some((style) => names.every((name) => style.test(name)))) return [];
  return [{ message: `the fields ${names.join(", ")} mix camelCase and snake_case` }];
}

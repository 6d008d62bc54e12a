const CASES = [/^[a-z]+([A-Z][a-zA-Z0-9]*)?$/, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/];

export default function consistentCase(fields) {
  const names = Object.keys(fields ?? {});
  if (CASES.some((style) => names.every((name) => style.test(name)))) return [];
  return [{ message: `the fields ${names.join(", ")} mix camelCase and snake_case` }];
}

// The schemas of responses have no bounds: a client that checks them would lose a whole response.
const BOUNDS = [
  "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
  "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
];

export default function answerBounds(document) {
  const found = [];
  const seen = new Set();
  const visit = (schema, path) => {
    if (schema === null || typeof schema !== "object") return;
    const name = schema.$ref?.match(/^#\/components\/schemas\/(.+)$/)?.[1];
    if (name && !seen.has(name)) {
      seen.add(name);
      visit(document.components?.schemas?.[name], ["components", "schemas", name]);
    }
    for (const bound of BOUNDS.filter((each) => each in schema))
      found.push({ message: `a response has the bound ${bound}`, path: [...path, bound] });
    for (const [field, child] of Object.entries(schema.properties ?? {}))
      visit(child, [...path, "properties", field]);
    for (const keyword of ["anyOf", "oneOf", "allOf", "prefixItems"])
      (schema[keyword] ?? []).forEach((child, index) => visit(child, [...path, keyword, index]));
    for (const keyword of ["items", "additionalProperties", "not"]) visit(schema[keyword], [...path, keyword]);
  };
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(item ?? {}))
      for (const [status, response] of Object.entries(operation?.responses ?? {}))
        for (const [media, content] of Object.entries(response?.content ?? {}))
          visit(content.schema, ["paths", path, method, "responses", status, "content", media, "schema"]);
  return found;
}

// A response with a code requires only the code: an error may come with nothing else.
export default function answerRequired(schema) {
  const isAnswer = schema?.properties?.code !== undefined;
  const required = schema?.required ?? [];
  if (!isAnswer || (required.length === 1 && required[0] === "code")) return [];
  return [{ message: `a response requires code and nothing else, not [${required.join(", ")}]` }];
}

// A JSON response needs an example of a success (`code` 0) and one of a failure. For binary responses, JSON is
// only the failure.
export default function responseExamples(operation) {
  const content = operation.responses?.["200"]?.content ?? {};
  const isBytes = Object.values(content).some((body) => body.schema?.format === "binary");
  const codes = Object.values(content["application/json"]?.examples ?? {}).map((each) => each.value?.code);
  const name = operation.operationId ?? "the operation";
  const findings = [];
  if (!isBytes && !codes.includes(0)) findings.push({ message: `${name} has no example of a success` });
  if (!codes.some((code) => code !== 0)) findings.push({ message: `${name} has no example of a failure` });
  return findings;
}

// A JSON answer shows a success (`code` 0) and a failure. Where an answer is bytes, JSON is its failure only.
export default function answerExamples(operation) {
  const content = operation.responses?.["200"]?.content ?? {};
  const isBytes = Object.values(content).some((body) => body.schema?.format === "binary");
  const codes = Object.values(content["application/json"]?.examples ?? {}).map((each) => each.value?.code);
  const name = operation.operationId ?? "the operation";
  const findings = [];
  if (!isBytes && !codes.includes(0)) findings.push({ message: `${name} has no example of a success` });
  if (!codes.some((code) => code !== 0)) findings.push({ message: `${name} has no example of a failure` });
  return findings;
}

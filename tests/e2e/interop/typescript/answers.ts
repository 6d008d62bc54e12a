/** The module's no. It arrives with HTTP 200: only its code tells it from a success. */
export class DeviceError extends Error {
  constructor(readonly code: number) {
    super(`the module answered ${code}`);
  }
}

/** What openapi-fetch gives back for a call. */
interface Fetched<T> {
  data?: T;
  response: Response;
}

/** The answer, once it is there and its code is 0. */
export async function done<T extends { code: number }>(call: Promise<Fetched<T>>): Promise<T> {
  const { data: answer, response } = await call;
  if (answer === undefined) throw new Error(`the module answered HTTP ${response.status}`);
  if (answer.code !== 0) throw new DeviceError(answer.code);
  return answer;
}

/** What the answer has beside its code. */
export async function data<T>(call: Promise<Fetched<{ code: number; data?: T | null }>>): Promise<T> {
  const found = (await done(call)).data;
  if (found == null) throw new Error("the module answered a success without data");
  return found;
}

/** A body of bytes, in whose place an error may come as JSON (A10). */
export async function file(call: Promise<Fetched<ArrayBuffer>>): Promise<Buffer> {
  const { data: body, response } = await call;
  if (body === undefined) throw new Error(`the module answered HTTP ${response.status}`);
  const bytes = Buffer.from(body);
  const code = bytes.subarray(0, 1).equals(Buffer.from("{")) ? codeOf(bytes.toString()) : 0;
  if (code !== 0) throw new DeviceError(code);
  return bytes;
}

function codeOf(text: string): number {
  try {
    return JSON.parse(text).code ?? 0;
  } catch {
    return 0;
  }
}

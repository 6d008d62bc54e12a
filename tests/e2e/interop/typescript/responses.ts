/** An error that the module returned. Its HTTP status is 200 too; only the code differs. */
export class DeviceError extends Error {
  constructor(readonly code: number) {
    super(`the module returned code ${code}`);
  }
}

/** The result of a call of openapi-fetch. */
interface FetchResult<T> {
  data?: T;
  response: Response;
}

/** Checks the code of a response, and returns its JSON. */
export async function check<T extends { code: number }>(call: Promise<FetchResult<T>>): Promise<T> {
  const { data: content, response } = await call;
  if (content === undefined) throw new Error(`the module returned HTTP status ${response.status}`);
  if (content.code !== 0) throw new DeviceError(content.code);
  return content;
}

/** Checks the code of a response, and returns its data. */
export async function readData<T>(call: Promise<FetchResult<{ code: number; data?: T | null }>>): Promise<T> {
  const data = (await check(call)).data;
  if (data == null) throw new Error("the module returned a success without data");
  return data;
}

/** Returns the body of a binary response, which can be a JSON error instead (A10). */
export async function readBytes(call: Promise<FetchResult<ArrayBuffer>>): Promise<Buffer> {
  const { data: body, response } = await call;
  if (body === undefined) throw new Error(`the module returned HTTP status ${response.status}`);
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

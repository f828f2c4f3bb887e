const PATIENCE = 5_000;
const LONGEST_DOCUMENT = 256 * 1024;

/** A JSON document of an identity provider. Rejects with the address and what is wrong with what it answers. */
export async function documentAt(address: URL | string): Promise<unknown> {
  const answer = await fetch(address, {
    signal: AbortSignal.timeout(PATIENCE),
    redirect: "error",
    headers: { accept: "application/json" },
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error && cause.name === "TimeoutError" ? `says nothing for ${PATIENCE / 1000} s` : "cannot be reached";
    throw new Error(`${address} ${reason}`, { cause });
  });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new Error(`${address} answered ${answer.status}`);
  }
  const text = await boundedText(answer);
  if (text === undefined) throw new Error(`${address} is longer than a provider's document is`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${address} is not JSON`, { cause });
  }
}

async function boundedText(answer: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.length;
    if (bytes > LONGEST_DOCUMENT) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

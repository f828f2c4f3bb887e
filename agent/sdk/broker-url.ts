import { AgentError } from "./agent-error.ts";

/** The broker's address. Throws AgentError `invalid`: a token in clear over a network is anybody's token. */
export function brokerUrl(text: string, allowPlainHttp: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new AgentError("invalid", `"${text}" is not an http or https address.`);
  }
  if (url.username !== "" || url.password !== "") throw new AgentError("invalid", "The address of Guise may hold no password.");
  if (url.protocol === "http:" && !isThisMachine(url.hostname) && !allowPlainHttp) {
    throw new AgentError("invalid", `${url.origin} would carry the token in clear.`, {
      remedy: "Use https, or an SSH forward to this machine.",
    });
  }
  return url;
}

function isThisMachine(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

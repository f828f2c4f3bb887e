import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "@guise/contract";
import { z } from "zod";
import { httpRoute, type Route } from "../route.ts";
import { isOfApi } from "../unrouted.ts";

/** Names that the build writes change with their content. */
const FOREVER = "public, max-age=31536000, immutable";
const FILE = /^\/(assets\/[A-Za-z0-9._-]+|[a-z-]+\.(?:svg|png|ico|webmanifest))$/;

/** Scripts only from here, inline those of the document as it was built; styles inline too, because the components set sizes and positions that way. */
const pagePolicy = (ownScripts: readonly string[], frames: string | undefined) =>
  [
    "default-src 'none'",
    ["script-src 'self'", ...ownScripts].join(" "),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    ...(frames === undefined ? [] : [`frame-src ${frames}`]),
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

/** As the policy names them. The document is read each time: it is small, and may be built anew while Guise runs. */
async function inlineScripts(folder: string): Promise<string[]> {
  const document = await readFile(join(folder, "index.html"), "utf8").catch(() => "");
  return document
    .split("<script>")
    .slice(1)
    .map(
      (rest) =>
        `'sha256-${createHash("sha256")
          .update(rest.split("</script>", 1)[0] ?? "")
          .digest("base64")}'`,
    );
}

/** The portal: one page for every address that is no other route's, and its files. What is the API's and no route's is `unrouted`. */
export function portalRoute(unrouted: (method: string, url: string) => Refusal): Route {
  return httpRoute({
    id: "portal",
    method: "GET",
    url: "/*",
    tag: "service",
    unmetered: true,
    summary: "The portal",
    // Links of the portal's pages carry what they fill in.
    query: z.looseObject({}),
    answers: {
      200: { description: "The page, or one of its files.", mediaTypes: ["text/html"] },
      302: { description: "To the portal's own host." },
    },
    errors: ["not_found", "unavailable"],
    async act({ request, reply, services }) {
      const { origin, folder } = services.portal;
      const path = request.url.split("?")[0] ?? "/";
      if (isOfApi(path)) throw unrouted(request.method, request.url);
      if (request.headers.host?.toLowerCase() !== new URL(origin).host) {
        reply.header("location", `${origin}${request.url}`);
        return { status: 302 };
      }
      if (folder === undefined) throw new Refusal("unavailable", "The portal is not built here; `npm start` builds it.");
      const file = FILE.exec(path)?.[1];
      reply.header(
        "content-security-policy",
        pagePolicy(file === undefined ? await inlineScripts(folder) : [], services.applications?.places.pattern),
      );
      if (file === undefined) await reply.header("cache-control", "no-cache").sendFile("index.html", folder);
      else await reply.header("cache-control", file.startsWith("assets/") ? FOREVER : "no-cache").sendFile(file, folder);
      return "sent";
    },
  });
}

import { readFile } from "node:fs/promises";
import { z } from "zod";
import { runTool } from "./run-tool.ts";

const addressesSchema = z.array(z.object({ ifname: z.string(), addr_info: z.array(z.object({ local: z.string(), prefixlen: z.int() })) }));
const routesSchema = z.array(z.object({ dst: z.string(), dev: z.string().optional() }));

/** CIDRs that this machine uses or reaches by a route of its own, its name servers too; `except` is our own bridge. */
export async function takenNetworks(except: string): Promise<string[]> {
  const addresses = addressesSchema.parse(JSON.parse(await runTool("ip", ["-j", "-4", "address", "show"])));
  const routes = routesSchema.parse(JSON.parse(await runTool("ip", ["-j", "-4", "route", "show", "table", "all"])));
  return [
    ...addresses
      .filter(({ ifname }) => ifname !== except)
      .flatMap(({ addr_info }) => addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`)),
    ...routes.filter(({ dev, dst }) => dev !== except && dst !== "default").map(({ dst }) => (dst.includes("/") ? dst : `${dst}/32`)),
    ...(await nameServers()),
  ];
}

/** The smallest MTU among the devices of the default routes, or undefined without one. */
export async function uplinkMtu(): Promise<number | undefined> {
  const routes = routesSchema.parse(JSON.parse(await runTool("ip", ["-j", "-4", "route", "show", "default"])));
  const sizes = await Promise.all(
    routes.flatMap(({ dev }) => (dev === undefined ? [] : [readFile(`/sys/class/net/${dev}/mtu`, "utf8").then(Number)])),
  );
  return sizes.length === 0 ? undefined : Math.min(...sizes);
}

async function nameServers(): Promise<string[]> {
  const text = await readFile("/etc/resolv.conf", "utf8").catch(() => "");
  return [...text.matchAll(/^nameserver[ \t]+([\d.]+)[ \t]*$/gm)].map((match) => `${match[1]}/32`);
}

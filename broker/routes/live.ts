import { LiveFeed } from "../live/live-feed.ts";
import { upgradeRoute } from "../route.ts";
import { guarded } from "./upgrades.ts";

export const live = upgradeRoute({
  id: "live",
  method: "GET",
  url: "/v1/live",
  tag: "workspaces",
  summary: "Your workspaces, their events and their usage, and the personas you see, as it happens (WebSocket)",
  description:
    "Messages are in the contract (live.ts); the first ones are the whole. Nothing is replayed: who comes back gets the whole anew.",
  stream: true,
  answers: { 101: { description: "A WebSocket; it carries text alone, from the broker alone." } },
  async prepare(call) {
    return guarded(call, "live", undefined, (socket, guard) => void new LiveFeed(call, socket, guard).begin());
  },
});

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useSession } from "../session/session.ts";
import { workspaceTitle } from "../workspaces/workspace-links.tsx";
import { forget, isAsked, isOn, mayNotify, useBrowserNotices } from "./browser-notices.ts";
import { type News, newsBetween, type Seen, seenIn } from "./news.ts";

/** Ends come near without anything being told, ms. */
const LOOK_EACH = 30_000;

/** Shows news as the browser's own notices while the page is hidden: of all workspaces where that is on, of one where it was asked for. */
export function PageNotices() {
  const { agent, live } = useSession();
  const navigate = useNavigate();
  const on = useBrowserNotices(isOn);
  const preferred = useQuery({ queryKey: ["preferences"], queryFn: () => agent.preferences.show(), enabled: on });
  const off = useRef(preferred.data?.preferences.notices);
  off.current = preferred.data?.preferences.notices;
  useEffect(() => {
    let seen: ReadonlyMap<string, Seen> = seenIn(live.picture, Date.now());
    const show = ({ workspace, kind, what }: News) => {
      const id = workspace.workspace_id;
      const wasAsked = isAsked(id) && kind !== "stopping";
      if (wasAsked) forget(id);
      const isWanted = wasAsked || (isOn() && off.current?.[kind] !== false);
      if (!isWanted || !document.hidden || !mayNotify()) return;
      const notice = new Notification(`${workspaceTitle(workspace)} ${what}`, { tag: `${id} ${kind}` });
      notice.onclick = () => {
        window.focus();
        notice.close();
        void navigate({ to: "/workspaces/$workspace", params: { workspace: id } });
      };
    };
    const look = () => {
      const { picture } = live;
      const now = seenIn(picture, Date.now());
      const news = newsBetween(seen, now, picture.workspaces ?? new Map());
      seen = now;
      for (const one of news) show(one);
    };
    const timer = setInterval(look, LOOK_EACH);
    const stop = live.subscribe(look);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [live, navigate]);
  return null;
}

import { endIsNear, NOTICE_TITLES, type NoticeKind, type WorkspaceView } from "@guise/contract";
import type { LivePicture } from "../live/live-store.ts";

/** What a workspace was when it was looked at last. */
export interface Seen {
  readonly state: WorkspaceView["state"];
  readonly isIdle: boolean;
  readonly isEnding: boolean;
}

export interface News {
  readonly workspace: WorkspaceView;
  readonly kind: NoticeKind;
  /** Behind the workspace's name. */
  readonly what: string;
}

export function seenIn({ workspaces, activity }: Pick<LivePicture, "workspaces" | "activity">, now: number): ReadonlyMap<string, Seen> {
  const views = [...(workspaces ?? new Map<string, WorkspaceView>()).values()];
  return new Map(
    views.map((view) => [
      view.workspace_id,
      {
        state: view.state,
        isIdle: view.state === "ready" && activity.get(view.workspace_id)?.isIdle === true,
        isEnding: isEnding(view, now),
      },
    ]),
  );
}

function isEnding({ expires_at: end, ready_at: ready }: WorkspaceView, now: number): boolean {
  return end !== undefined && endIsNear(ready === undefined ? 0 : Date.parse(ready), Date.parse(end), now);
}

/** Pure: what is new. Of what was not there before nothing is, for nobody knows since when it is so. */
export function newsBetween(
  before: ReadonlyMap<string, Seen>,
  after: ReadonlyMap<string, Seen>,
  workspaces: ReadonlyMap<string, WorkspaceView>,
): News[] {
  return [...after].flatMap(([id, seen]): News[] => {
    const [was, workspace] = [before.get(id), workspaces.get(id)];
    if (was === undefined || workspace === undefined) return [];
    const waited = was.state === "queued" || was.state === "provisioning";
    return [
      ...(waited && seen.state === "ready" ? [{ workspace, kind: "ready" as const, what: NOTICE_TITLES.ready }] : []),
      ...(was.state !== "failed" && seen.state === "failed" ? [{ workspace, kind: "failed" as const, what: NOTICE_TITLES.failed }] : []),
      ...(!was.isIdle && seen.isIdle ? [{ workspace, kind: "stopping" as const, what: NOTICE_TITLES.pausing }] : []),
      ...(!was.isEnding && seen.isEnding ? [{ workspace, kind: "stopping" as const, what: NOTICE_TITLES.ending }] : []),
    ];
  });
}

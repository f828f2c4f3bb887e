import type { NoticeRow } from "#repository";

export function aNotice(change: Partial<NoticeRow> = {}): NoticeRow {
  return {
    ...{ id: "w-1.7", way: "webhook", owner: "local#ada", at: Date.UTC(2026, 0, 1), attempts: 0, nextAt: 0 },
    notice: {
      ...{ kind: "ready", workspace: "w-1", persona: "analyst", personaName: "Analyst", environment: "production", name: "main" },
      ...{ title: "Analyst is ready", message: "It took 3 min.", until: Date.UTC(2027, 0, 1) },
    },
    ...change,
  };
}

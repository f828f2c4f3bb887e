import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import { loadPart } from "../connection/load-part.ts";
import { PendingPage } from "../connection/pending-page.tsx";
import { HomePage } from "../personas/home-page.tsx";
import { SignInPage } from "../session/sign-in-page.tsx";
import { signInSearch } from "../session/sign-in-search.ts";
import { BrokenPage } from "./broken-page.tsx";
import { NotFoundPage } from "./not-found-page.tsx";
import { SignedIn } from "./signed-in.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage, errorComponent: BrokenPage });
const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", validateSearch: signInSearch, component: SignInPage });
const inside = createRoute({ getParentRoute: () => root, id: "inside", component: SignedIn });

// What a page needs beyond the first screen is loaded when it is opened.
const home = createRoute({ getParentRoute: () => inside, path: "/", component: HomePage });
const open = createRoute({
  getParentRoute: () => inside,
  path: "/open/$persona",
  // Whatever the link gives; the form takes what the persona knows.
  validateSearch: (search: Record<string, unknown>): Record<string, unknown> => search,
  component: lazyRouteComponent(() => loadPart(() => import("../personas/request-page.tsx")), "RequestPage"),
});
const workspace = createRoute({
  getParentRoute: () => inside,
  path: "/workspaces/$workspace",
  validateSearch: ({ tab }: Record<string, unknown>): { tab?: string } => (typeof tab === "string" ? { tab } : {}),
  component: lazyRouteComponent(() => loadPart(() => import("../workspaces/workspace-page.tsx")), "WorkspacePage"),
});
const authoring = createRoute({
  getParentRoute: () => inside,
  path: "/authoring",
  component: lazyRouteComponent(() => loadPart(() => import("../authoring/authoring-page.tsx")), "AuthoringPage"),
});
const importLists = createRoute({
  getParentRoute: () => inside,
  // No persona is called so.
  path: "/authoring/-/import",
  component: lazyRouteComponent(() => loadPart(() => import("../authoring/import-page.tsx")), "ImportPage"),
});
const newPersona = createRoute({
  getParentRoute: () => inside,
  path: "/authoring/-/new",
  /** The persona of which it becomes a version. */
  validateSearch: ({ persona }: Record<string, unknown>): { persona?: string } => (typeof persona === "string" ? { persona } : {}),
  component: lazyRouteComponent(() => loadPart(() => import("../authoring/editor/editor-page.tsx")), "EditorPage"),
});
const versions = createRoute({
  getParentRoute: () => inside,
  path: "/authoring/$persona",
  validateSearch: ({ version }: Record<string, unknown>): { version?: number } =>
    Number.isInteger(version) ? { version: Number(version) } : {},
  component: lazyRouteComponent(() => loadPart(() => import("../authoring/persona-versions-page.tsx")), "PersonaVersionsPage"),
});
const device = createRoute({
  getParentRoute: () => inside,
  path: "/device",
  validateSearch: ({ code }: Record<string, unknown>): { code?: string } => (typeof code === "string" && code !== "" ? { code } : {}),
  component: lazyRouteComponent(() => loadPart(() => import("../session/device-page.tsx")), "DevicePage"),
});
const operations = createRoute({
  getParentRoute: () => inside,
  path: "/operations",
  component: lazyRouteComponent(() => loadPart(() => import("../operations/operations-frame.tsx")), "OperationsFrame"),
});
const capacity = createRoute({
  getParentRoute: () => operations,
  path: "/",
  component: lazyRouteComponent(() => loadPart(() => import("../operations/operations-page.tsx")), "OperationsPage"),
});
const workspaces = createRoute({
  getParentRoute: () => operations,
  path: "/workspaces",
  // What the address says is read by the page: what words it knows would weigh on the first load.
  validateSearch: (search: Record<string, unknown>): Record<string, unknown> => search,
  component: lazyRouteComponent(() => loadPart(() => import("../operations/workspaces-page.tsx")), "WorkspacesPage"),
});
const people = createRoute({
  getParentRoute: () => operations,
  path: "/people",
  component: lazyRouteComponent(() => loadPart(() => import("../operations/people-page.tsx")), "PeoplePage"),
});
const homes = createRoute({
  getParentRoute: () => operations,
  path: "/homes",
  component: lazyRouteComponent(() => loadPart(() => import("../operations/homes-page.tsx")), "HomesPage"),
});
const images = createRoute({
  getParentRoute: () => operations,
  path: "/images",
  component: lazyRouteComponent(() => loadPart(() => import("../operations/images-page.tsx")), "ImagesPage"),
});
const usage = createRoute({
  getParentRoute: () => operations,
  path: "/usage",
  validateSearch: (search: Record<string, unknown>): Record<string, unknown> => search,
  component: lazyRouteComponent(() => loadPart(() => import("../operations/usage-page.tsx")), "UsagePage"),
});

const preferences = createRoute({
  getParentRoute: () => inside,
  path: "/preferences",
  component: lazyRouteComponent(() => loadPart(() => import("../preferences/preferences-page.tsx")), "PreferencesPage"),
});

const operating = operations.addChildren([capacity, workspaces, people, homes, images, usage]);
const tree = root.addChildren([
  signIn,
  inside.addChildren([home, open, workspace, authoring, importLists, newPersona, versions, operating, preferences, device]),
]);

/** Every page with its address. */
export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  defaultPendingComponent: PendingPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

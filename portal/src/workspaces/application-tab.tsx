import { applicationOrigin, type LaunchView, type TransferWay } from "@guise/contract";
import { lazy } from "react";
import { loadPart } from "../connection/load-part.ts";
import { shownHere } from "./shown-here.ts";

// Only who opens an application loads what shows it.
const TerminalTab = lazy(() => loadPart(() => import("../terminal/terminal-tab.tsx")));
const WebTab = lazy(() => loadPart(() => import("../web/web-tab.tsx")));
const DesktopTab = lazy(() => loadPart(() => import("../desktop/desktop-tab.tsx")));

interface ApplicationTabProps {
  readonly launch: LaunchView;
  readonly name: string;
  /** What the persona keeps closed. */
  readonly closed: readonly TransferWay[];
  /** It is the tab that is looked at. */
  readonly active: boolean;
  /** Another number: the person asked for it once more. */
  readonly asked: number;
  /** See `applications_origin` of who is signed in. */
  readonly pattern: string | undefined;
  readonly close: () => void;
}

/** A launched application, as its kind is shown. */
export function ApplicationTab({ launch, name, closed, active, asked, pattern, close }: ApplicationTabProps) {
  const { workspace_id: workspace, launch_id, application, kind } = launch;
  switch (shownHere(kind, pattern)) {
    case "terminal":
      return <TerminalTab workspace={workspace} launch={launch_id} {...{ name, closed, active, asked, close }} />;
    case "desktop":
      return <DesktopTab launch={launch} name={name} active={active} asked={asked} close={close} />;
    case "web":
      return <WebTab launch={launch} name={name} origin={applicationOrigin(pattern ?? "", application, workspace)} close={close} />;
    default:
      return undefined;
  }
}

import type { Route } from "../route.ts";
import { createUnrouted } from "../unrouted.ts";
import { changeAccount, createAccount, issueSignInCode, listAccounts } from "./accounts.ts";
import { openApplication } from "./application-tickets.ts";
import { previewPersona, searchPackages } from "./authoring.ts";
import { listCatalog } from "./catalog.ts";
import { comparePersona } from "./compare.ts";
import { addDataSource, changeDataSource, listDataSources, removeDataSource, testDataSource } from "./data-sources.ts";
import { answerDeviceSignIn, beginDeviceSignIn, showDeviceSignIn } from "./device-sign-in.ts";
import { discardDraft, publishDraft } from "./drafts.ts";
import { digestFile, makeFolder, moveFiles, readFiles, readSelection, removeFiles, statFile, writeFiles } from "./files.ts";
import { createGroup, listGroups, setGrant } from "./groups.ts";
import { deleteHome, exportHome, listHomes } from "./homes.ts";
import { me, token } from "./identity.ts";
import { collectImages, listImages } from "./images.ts";
import { launchApplication, listLaunches, stopLaunch } from "./launches.ts";
import { live } from "./live.ts";
import { audit, status } from "./oversight.ts";
import { addPackageSource, changePackageSource, listPackageSources, removePackageSource } from "./package-sources.ts";
import { billOfMaterials, buildLog, listPersonas, showPersona, showVersion } from "./personas.ts";
import { portalRoute } from "./portal.ts";
import { connectPort, listPorts, openPort } from "./ports.ts";
import { preferences, setPreferences } from "./preferences.ts";
import { beginProviderSignIn, finishProviderSignIn, signInWays } from "./provider-sign-in.ts";
import { importPersona, publishPersona, rollbackPersona, validatePersona } from "./publish.ts";
import { refreshPersona, refreshPersonas } from "./refresh.ts";
import { requestWorkspace } from "./request-workspace.ts";
import { resizeWorkspace } from "./resize.ts";
import { removePersona, retirePersona } from "./retire.ts";
import { serviceRoutes } from "./service.ts";
import { createSignInLink, endSession, openSession, signInAccount } from "./sessions.ts";
import { keepWorkspace, resumeWorkspace, suspendWorkspace } from "./suspend.ts";
import { exec, launchConnect, launchScreen, launchTerminal } from "./upgrades.ts";
import { appendUpload, beginUpload, listUploads, removeUpload, showUpload } from "./uploads.ts";
import { workspaceUsage } from "./usage.ts";
import { usageOverTime } from "./usage-over-time.ts";
import { workspaceEvents } from "./workspace-events.ts";
import { listWorkspaces, releaseWorkspace, retryWorkspace, showWorkspace } from "./workspaces.ts";

const API: readonly Route[] = [
  ...[
    listPersonas,
    showPersona,
    showVersion,
    buildLog,
    billOfMaterials,
    comparePersona,
    listCatalog,
    validatePersona,
    importPersona,
    previewPersona,
    searchPackages,
    publishPersona,
    publishDraft,
    discardDraft,
    rollbackPersona,
    retirePersona,
    removePersona,
    refreshPersona,
    refreshPersonas,
  ],
  ...[requestWorkspace, listWorkspaces, showWorkspace, workspaceEvents, workspaceUsage, live, releaseWorkspace, retryWorkspace],
  ...[suspendWorkspace, resumeWorkspace, keepWorkspace, resizeWorkspace, listHomes, exportHome, deleteHome],
  ...[
    launchApplication,
    listLaunches,
    stopLaunch,
    exec,
    launchTerminal,
    launchConnect,
    launchScreen,
    openApplication,
    listPorts,
    openPort,
    connectPort,
  ],
  ...[readFiles, readSelection, writeFiles, makeFolder, moveFiles, removeFiles, statFile, digestFile],
  ...[beginUpload, listUploads, showUpload, appendUpload, removeUpload],
  ...[token, me, signInWays, beginProviderSignIn, finishProviderSignIn, beginDeviceSignIn, showDeviceSignIn, answerDeviceSignIn],
  ...[openSession, signInAccount, endSession, createSignInLink, preferences, setPreferences],
  ...[
    listAccounts,
    createAccount,
    issueSignInCode,
    changeAccount,
    listGroups,
    createGroup,
    setGrant,
    status,
    audit,
    listImages,
    collectImages,
    usageOverTime,
    listDataSources,
    addDataSource,
    changeDataSource,
    removeDataSource,
    testDataSource,
    listPackageSources,
    addPackageSource,
    changePackageSource,
    removePackageSource,
  ],
];

/** Every route of the broker, in the order of the reference. */
export function allRoutes(version: string): readonly Route[] {
  const routes = [...API, ...serviceRoutes(API, version)];
  return [...routes, portalRoute(createUnrouted(routes))];
}

import { CodedError } from "#foundation";

/** Errors that a driver or the start sequence may give. */
export const PROVISIONING_ERRORS = {
  engine_unreachable: { retry: true, meaning: "The engine does not answer." },
  image_missing: { retry: true, meaning: "The image is not there; it is built again." },
  image_in_use: { retry: false, meaning: "A sandbox, a build or another image needs the image." },
  image_build_failed: { retry: false, meaning: "The packages could not be installed." },
  mirror_unreachable: { retry: true, meaning: "A package mirror does not answer." },
  start_failed: { retry: true, meaning: "The sandbox did not start." },
  network_failed: { retry: true, meaning: "The network rules were not acknowledged." },
  storage_failed: { retry: true, meaning: "The home could not be made." },
  home_missing: { retry: false, meaning: "There is no such home." },
  resize_refused: { retry: false, meaning: "What is used does not fit into the new limits, or they cannot be set while it runs." },
  disk_full: { retry: true, meaning: "The disk of the node is nearly full." },
  channel_lost: { retry: true, meaning: "The channel ended." },
  channel_hostile: { retry: false, meaning: "The other end of the channel broke its rules; the channel was cut." },
  connection_refused: { retry: true, meaning: "Nothing answers at that port or socket inside." },
  output_too_large: { retry: false, meaning: "More output than is accepted." },
  file_not_found: { retry: false, meaning: "There is no such file." },
  file_exists: { retry: false, meaning: "Something has that name already." },
  storage_full: { retry: false, meaning: "The file system inside that is written to has no room left." },
  file_failed: { retry: false, meaning: "The file could not be read or written." },
  reading_late: { retry: true, meaning: "The kernel did not say in time how the sandbox is." },
  sandbox_gone: { retry: true, meaning: "The sandbox is not there any more." },
  configuration_failed: { retry: false, meaning: "A file or variable of the personal layer could not be written." },
  readiness_failed: { retry: false, meaning: "The workspace did not become ready." },
  launch_failed: { retry: false, meaning: "The application did not start." },
  unfit_arguments: { retry: false, meaning: "No program can be given these arguments." },
  refused_by_policy: { retry: false, meaning: "The driver's own safety rule refused the call." },
  source_not_registered: { retry: false, meaning: "A data source of the persona is registered here no more." },
  source_unreachable: { retry: true, meaning: "A data source of the persona does not answer." },
  source_refused: { retry: false, meaning: "A data source of the persona gives no access." },
  cancelled: { retry: true, meaning: "The work was cancelled." },
} as const satisfies Readonly<Record<string, { retry: boolean; meaning: string }>>;

/** What an operator does about `disk_full`; its message ends with it. */
export const MAKE_ROOM = "to make room: guise admin images collect --budget 0, guise admin homes list";

export type ProvisioningErrorCode = keyof typeof PROVISIONING_ERRORS;

export class ProvisioningError extends CodedError<ProvisioningErrorCode> {
  override readonly name = "ProvisioningError";
}

/** What mmdebstrap says as it goes on, in order, with the share of the time that has passed by then (measured, 2 cores). */
const STEPS: readonly (BootstrapStep & { readonly said: RegExp })[] = [
  { said: /^I: running apt-get update/, message: "Reading the package lists", percent: 2, downloads: true },
  { said: /^I: downloading packages with apt/, message: "Downloading the base system", percent: 12, downloads: true },
  { said: /^I: extracting archives/, message: "Unpacking the base system", percent: 25 },
  { said: /^I: installing essential packages/, message: "Installing the base system", percent: 35 },
  { said: /^I: running --essential-hook/, message: "Downloading the channel's programs", percent: 64, downloads: true },
  { said: /^I: installing remaining packages/, message: "Installing the channel's programs", percent: 65 },
  { said: /^I: running --customize-hook/, message: "Making the guard's root", percent: 85 },
  { said: /^I: creating tarball/, message: "Packing the base system", percent: 92 },
];

export interface BootstrapStep {
  readonly message: string;
  readonly percent: number;
  /** It waits for the package mirrors. */
  readonly downloads?: boolean;
}

export function bootstrapStep(line: string): BootstrapStep | undefined {
  return STEPS.find(({ said }) => said.test(line));
}

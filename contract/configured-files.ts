/** Formats of files that settings are merged into; `gitconfig` is INI with Git's own quoting, `text` is taken as it is. */
export const FILE_FORMATS = ["json", "ini", "gitconfig", "toml", "yaml", "properties", "text"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** What becomes of a file that its person has already. */
export const FILE_APPLIES = ["default", "enforced", "replace"] as const;
export type FileApply = (typeof FILE_APPLIES)[number];
/** What a file that is replaced is called from then on. */
export const KEPT_COPY = ".yours";

/** Who may read, change and run a file, as `chmod` takes it. */
export const FILE_MODES = ["0400", "0600", "0644", "0755"] as const;

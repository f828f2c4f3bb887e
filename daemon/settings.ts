/**
 * Every setting, once: its place in `guise.config.json`, its variable, its default and its meaning.
 * `docs/reference/configuration.md` is written from this list, and a test keeps them equal.
 */
export const SETTINGS = {
  home: {
    variable: "GUISE_HOME",
    default: "",
    meaning: "The folder of all state: database, keys, engine, images, homes. Empty: /var/lib/guise for root, else ~/.local/share/guise.",
  },
  host: { variable: "GUISE_HOST", default: "127.0.0.1", meaning: "The address to listen on. Only loopback: there is no TLS." },
  port: { variable: "GUISE_PORT", default: 7080, meaning: "The port of the API." },
  origin: {
    variable: "GUISE_ORIGIN",
    default: "",
    meaning:
      "Where people open the portal, such as `https://guise.example.org` behind a proxy that ends TLS. Empty: `http://guise.localhost:<port>`. Its host is answered beside the loopback ones.",
  },
  applications_origin: {
    variable: "GUISE_APPLICATIONS_ORIGIN",
    default: "",
    meaning:
      "Where web applications open in the browser, each at a host of its own in the place of `*`, such as `https://*.apps.example.net`: a domain that leads here and has nothing to do with the portal's. Empty: `http://*.localhost`, at the portal's port, where the portal is on this machine; else they open by the command alone.",
  },
  issuer: {
    variable: "GUISE_ISSUER",
    default: "",
    meaning:
      "An OpenID Connect provider whose access tokens are taken beside those of Guise's own accounts: its issuer exactly as it stands in the tokens, such as `https://login.example.org/realms/main`.",
  },
  issuer_client: {
    variable: "GUISE_ISSUER_CLIENT",
    default: "",
    meaning:
      "The client id that Guise has there. People then sign in to the portal at the provider; it sends them back to `<origin>/v1/sign-in/provider/return`. Empty: only its access tokens are taken.",
  },
  issuer_client_secret: {
    variable: "GUISE_ISSUER_CLIENT_SECRET",
    default: "",
    meaning: "The client's secret, or better `file:` and the path of a file that has it. Empty: a public client, held by PKCE alone.",
  },
  issuer_scopes: {
    variable: "GUISE_ISSUER_SCOPES",
    default: "openid profile email",
    meaning:
      "What is asked for at a sign-in: what brings the claims below, and, where the provider wants a word for it (`offline_access`), a refresh token. Without one people sign in anew when its access token ends.",
  },
  issuer_name: {
    variable: "GUISE_ISSUER_NAME",
    default: "",
    meaning: "What people call the provider, on the sign-in page. Empty: its host.",
  },
  issuer_audience: { variable: "GUISE_ISSUER_AUDIENCE", default: "guise", meaning: "The audience that its tokens for Guise name." },
  issuer_token_types: {
    variable: "GUISE_ISSUER_TOKEN_TYPES",
    default: "at+jwt",
    meaning:
      "What its access tokens may say that they are (`typ`), separated by commas: `at+jwt` (RFC 9068), and `JWT` for providers that say no more. What is marked as another token is refused still; `GUISE_ISSUER_AUDIENCE` must then be another than the client.",
  },
  issuer_keys: {
    variable: "GUISE_ISSUER_KEYS",
    default: "",
    meaning: "The address of its keys (JWKS). Empty: what its `/.well-known/openid-configuration` says.",
  },
  issuer_account_claim: {
    variable: "GUISE_ISSUER_ACCOUNT_CLAIM",
    default: "preferred_username",
    meaning: "The claim that names the person for people.",
  },
  issuer_groups_claim: {
    variable: "GUISE_ISSUER_GROUPS_CLAIM",
    default: "groups",
    meaning:
      "The claim with the person's groups. A token without it, or with an empty one, is refused: providers leave groups out when there are too many. Empty: its people are in no group by their tokens.",
  },
  issuer_roles_claim: { variable: "GUISE_ISSUER_ROLES_CLAIM", default: "roles", meaning: "The claim with the person's roles." },
  issuer_roles: {
    variable: "GUISE_ISSUER_ROLES",
    default: "guise-user=user,guise-author=author,guise-operator=operator,guise-auditor=auditor",
    meaning: "What the values of that claim mean here: `value=role`, separated by commas. Other values give nothing.",
  },
  engine: {
    variable: "GUISE_ENGINE",
    default: "own",
    meaning:
      "`own`: Guise's own dockerd, apart from any other on this machine. `unix:///path/docker.sock`: a Docker engine of this machine that somebody else runs, such as `unix:///var/run/docker.sock`; Guise uses it and leaves it alone otherwise. `memory`: the simulated engine; nothing really runs. Changed only after `guise down`; homes do not move from an engine to one with other user ids.",
  },
  environment: {
    variable: "GUISE_ENVIRONMENT",
    default: "production",
    meaning: "The environment of a request that names none, where the persona has it.",
  },
  guards: { variable: "GUISE_GUARDS", default: 2, meaning: "Guards started ahead of demand." },
  bandwidth: {
    variable: "GUISE_BANDWIDTH",
    default: "",
    meaning:
      'Bandwidth of this machine, each way, that workspaces may share, such as "1Gbit". Empty: the link\'s speed, else 1 Gbit/s, shown as assumed.',
  },
  open_ranges: {
    variable: "GUISE_OPEN_RANGES",
    default: "",
    meaning:
      "Address ranges, otherwise closed, that personas may name in `egress`: private ones, those of carriers or for benchmarks. Separated by commas.",
  },
  held_per_person: {
    variable: "GUISE_HELD_PER_PERSON",
    default: "20",
    meaning:
      "How many workspaces one person may have at once, suspended and waiting ones counted; more are refused. With other numbers for groups: `20,interns=3,batch=none`; of several groups the largest counts.",
  },
  waiting_per_person: {
    variable: "GUISE_WAITING_PER_PERSON",
    default: "10",
    meaning:
      "How many workspaces of one person may wait for room at once; written as `held_per_person`. Among equals who holds less comes first, whatever this says.",
  },
  bypass_limit: {
    variable: "GUISE_BYPASS_LIMIT",
    default: 8,
    meaning: "How often younger requests may pass a waiting one before room is held for it.",
  },
  cpu_overcommit: { variable: "GUISE_CPU_OVERCOMMIT", default: 4, meaning: "How many times the cores are given out." },
  package_epoch: { variable: "GUISE_PACKAGE_EPOCH", default: "1", meaning: "Another value builds all images anew with fresh packages." },
  build_sources: {
    variable: "GUISE_BUILD_SOURCES",
    default: "yes",
    meaning:
      "`yes` or `no`: whether packages that are there as source only are built, in closed boxes, with compilers that are gone afterwards. With `no` they are refused by name.",
  },
  authorities: {
    variable: "GUISE_AUTHORITIES",
    default: "",
    meaning:
      "File with certificates (PEM) of a company's own authorities. Everything inside workspaces trusts them beside the distribution's: curl, git, pip, Node, Java, Python. Images get them when they are next used, and packages are fetched from servers of theirs.",
  },
  image_budget: {
    variable: "GUISE_IMAGE_BUDGET",
    default: "10Gi",
    meaning:
      "Disk that images of personas may take in all. Above it the least recently used are removed, and built again when they are asked for; never one that a workspace needs.",
  },
  usage_per_person: {
    variable: "GUISE_USAGE_PER_PERSON",
    default: "no",
    meaning:
      "`yes` or `no`: whether operators see what fewer than five people used, down to a single one. The audit says when that changes, and people are told in the portal.",
  },
  webhook: {
    variable: "GUISE_WEBHOOK",
    default: "",
    meaning:
      "Address that is told what people are told outside the page, by https: a workspace is ready after a wait, is about to be stopped, has failed. Signed as https://www.standardwebhooks.com says. Empty: none.",
  },
  webhook_secret: {
    variable: "GUISE_WEBHOOK_SECRET",
    default: "",
    meaning: "What it is signed with: `whsec_` and 24 to 64 bytes in base64, or better `file:` and the path of a file that has it.",
  },
  webhook_private: {
    variable: "GUISE_WEBHOOK_PRIVATE",
    default: "no",
    meaning: "`yes` or `no`: whether that address may lead into a private network or to this machine, and begin with `http:`.",
  },
  mail_server: {
    variable: "GUISE_MAIL_SERVER",
    default: "",
    meaning:
      "Server that mail to people goes through: `smtps://USER@HOST:465`, or `smtp://USER@HOST:587`, which must offer TLS (STARTTLS) unless it is on this machine. The password is no part of it. Empty: no mail.",
  },
  mail_password: {
    variable: "GUISE_MAIL_PASSWORD",
    default: "",
    meaning: "The password of its user, or better `file:` and the path of a file that has it.",
  },
  mail_from: { variable: "GUISE_MAIL_FROM", default: "", meaning: "The address that mail comes from, such as `guise@example.org`." },
  log_level: { variable: "GUISE_LOG", default: "info", meaning: "`debug`, `info`, `warn` or `error`; the log is in the state folder." },
} as const;
export type SettingName = keyof typeof SETTINGS;

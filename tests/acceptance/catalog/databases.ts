import type { Profession } from "./proof.ts";

/** Servers run in the workspace itself, and listen inside only. */
const POSTGRES =
  "pg=$(echo /usr/lib/postgresql/*/bin) && $pg/initdb -D pg -A trust -U reader > log && $pg/pg_ctl -D pg -o '-k /tmp' -l pg.log -w start > log";
const MARIADB = `mariadb-install-db --no-defaults --datadir=$HOME/my --auth-root-authentication-method=normal > log 2>&1
setsid mariadbd --no-defaults --datadir=$HOME/my --socket=/tmp/my.sock --port=3307 --bind-address=127.0.0.1 > my.log 2>&1 < /dev/null &
for i in $(seq 100); do mariadb-admin --no-defaults -uroot -S /tmp/my.sock ping 2> /dev/null && break; sleep 0.3; done
mariadb --no-defaults -uroot -S /tmp/my.sock -e "CREATE DATABASE shop; CREATE USER reader@localhost; GRANT ALL ON shop.* TO reader@localhost"`;
const SALES =
  "test -e shop.db || { printf 'region,sold\\nEU,1.23456\\nUS,2\\n' > sales.csv && sqlite3 shop.db '.import --csv sales.csv sales'; }";

export const databases: Profession = {
  persona: "databases",
  packages: ["apt:postgresql", "apt:mariadb-server"],
  applications: {
    sqlite: {
      kind: "terminal",
      settings: { database: "~/shop.db", mode: "markdown" },
      prepares: [SALES],
      screen: [[/sqlite> /, "select count(*) as rows from sales;\r"], [/\|\s*2\s*\|/]],
    },
    duckdb: {
      kind: "terminal",
      settings: { mode: "markdown", null_display: "none", threads: 1, memory: "256MiB" },
      prepares: [SALES],
      screen: [[/D /, "select region, null as nothing from 'sales.csv' where region = 'US';\r"], [/\|\s*US\s*\|\s*none\s*\|/]],
      does: [["duckdb -c \"select current_setting('threads') as t, current_setting('memory_limit') as m\"", /1 \| 256\.0 MiB/]],
    },
    harlequin: {
      kind: "terminal",
      settings: { adapter: "sqlite", databases: ["/home/user/shop.db"], theme: "nord", maximum_rows: 100 },
      prepares: [SALES],
      // Control-J runs the query, once it is typed whole.
      screen: [[/Limit 100[\s\S]*Database Connected/, "select sold from sales where region = 'EU';"], [/;/, "\n"], [/1\.23456/]],
    },
    visidata: {
      kind: "terminal",
      settings: { float_format: "{:.1f}", menu: true },
      prepares: [SALES],
      arguments: ["sales.csv"],
      screen: [[/File[\s\S]*region[\s\S]*EU/]],
    },
    datasette: {
      kind: "web",
      settings: { databases: ["~/shop.db"], page_size: 1 },
      prepares: [SALES],
      answers: [
        ["/shop/sales.json?_shape=array", /^\[\{[^}]*"region": "EU"[^}]*\}\]$/],
        ["/-/settings.json", /"default_page_size": 1\b/],
      ],
    },
    psql: {
      kind: "terminal",
      settings: {
        services: { inside: { host: "127.0.0.1", port: 5432, dbname: "postgres", user: "reader" } },
        service: "inside",
        null_display: "(none)",
      },
      prepares: [POSTGRES],
      screen: [[/postgres=# /, "select null as n;\r"], [/\(none\)/]],
    },
    mariadb: {
      kind: "terminal",
      settings: { host: "127.0.0.1", port: 3307, user: "reader", database: "shop", prompt: "\\d>", careful: true },
      prepares: [MARIADB],
      screen: [
        [/shop>/, "create table t (id int); insert into t values (42); select * from t; delete from t;\r"],
        [/42[\s\S]*safe update mode/],
      ],
    },
  },
};

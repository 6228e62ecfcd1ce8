import { pricesSchema } from "./prices-schema.ts"

/** A column that is read out of the record beside it, so that it is never something else than that. */
const kept = (name: string, field = name, type = "text"): string =>
  `${name} ${type} GENERATED ALWAYS AS (${type === "text" ? `record ->> '${field}'` : `(record ->> '${field}')::${type}`}) STORED`

const sequence = "sequence bigint GENERATED ALWAYS AS IDENTITY"
const record = "record json NOT NULL"
const number = "double precision"

/**
 * Each entry brings the tables from the version of its index to the next one; entries are never changed.
 *
 * - A record is kept whole, as JSON, and what is looked for in columns that Postgres computes of it.
 */
export const migrations: ReadonlyArray<(schema: string) => string> = [
  (schema) => `
    CREATE TABLE ${schema}.launches (
      ${sequence}, ${record},
      ${kept("marker")} PRIMARY KEY, ${kept("key")} UNIQUE, ${kept("provider")}, ${kept("kind")},
      ${kept("instance_id", "instanceId")}, ${kept("state")}, ${kept("owner")}, ${kept("at", "at", number)},
      ${kept("lease_until", "leaseUntil", number)}
    );
    CREATE INDEX ON ${schema}.launches (state);
    CREATE INDEX ON ${schema}.launches (provider, kind, instance_id);
    CREATE INDEX ON ${schema}.launches (lease_until) WHERE lease_until IS NOT NULL;
    CREATE INDEX ON ${schema}.launches (at, sequence);
    CREATE TABLE ${schema}.machines (
      ${sequence}, ${record}, ${kept("provider")}, ${kept("kind")}, ${kept("id")}, PRIMARY KEY (provider, kind, id)
    );
    CREATE TABLE ${schema}.budgets (name text PRIMARY KEY);
    CREATE TABLE ${schema}.commitments (
      ${sequence}, marker text NOT NULL, budget text NOT NULL, cost json NOT NULL, PRIMARY KEY (budget, marker)
    );
    CREATE TABLE ${schema}.failures (${record}, ${kept("host")} PRIMARY KEY, ${kept("at", "at", number)});
    CREATE TABLE ${schema}.runs (
      ${sequence}, ${record}, ${kept("id")} PRIMARY KEY, ${kept("key")} UNIQUE, ${kept("state")}, ${kept("at", "at", number)}
    );
    CREATE INDEX ON ${schema}.runs (at, sequence);`,
  (schema) => `
    ALTER TABLE ${schema}.machines ADD COLUMN is_paid boolean
      GENERATED ALWAYS AS (record -> 'paid' IS NOT NULL) STORED;
    CREATE INDEX ON ${schema}.machines (sequence) WHERE is_paid;
    CREATE TABLE ${schema}.history (
      ${sequence} PRIMARY KEY, ${record}, ${kept("begins", "from", number)}, ${kept("ends", "end", number)}
    );
    CREATE INDEX ON ${schema}.history (ends, begins);`,
  (schema) => `
    CREATE TABLE ${schema}.claims (${record}, ${kept("marker")} PRIMARY KEY);
    CREATE TABLE ${schema}.keepers (${record}, ${kept("id")} PRIMARY KEY);`,
  pricesSchema,
  (schema) => `
    ALTER TABLE ${schema}.history ADD COLUMN ${kept("provider")}, ADD COLUMN ${kept("kind")}, ADD COLUMN ${kept("id")};
    CREATE INDEX ON ${schema}.history (provider, kind, id);`,
  (schema) => `
    CREATE TABLE ${schema}.accounts (
      provider text NOT NULL, name text NOT NULL, account text NOT NULL, PRIMARY KEY (provider, name)
    );`,
  (schema) => `CREATE TABLE ${schema}.moves (is_left boolean NOT NULL, place text NOT NULL, token text NOT NULL);`,
  (schema) => `
    CREATE TABLE ${schema}.orders (
      ${sequence}, ${record}, ${kept("id")} PRIMARY KEY, ${kept("key")} UNIQUE, ${kept("what")}, ${kept("state")},
      ${kept("at", "at", number)}, ${kept("next_at", "nextAt", number)}
    );
    CREATE INDEX ON ${schema}.orders (state);
    CREATE INDEX ON ${schema}.orders (at, sequence);`
]

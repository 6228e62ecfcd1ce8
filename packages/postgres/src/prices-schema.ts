const scope = "provider text NOT NULL, kind text NOT NULL, interruptible boolean NOT NULL"

/**
 * The tables of prices: what a schema version adds for them, which is never changed.
 *
 * - A series is written once, and each of its changes as three numbers: minutes since 1970 fit into four bytes until the year 6053.
 * - Nothing that changes with a price is indexed, so that Postgres rewrites no index for it.
 */
export const pricesSchema = (schema: string): string => `
    CREATE TABLE ${schema}.price_looks (${scope}, minute integer NOT NULL, PRIMARY KEY (provider, kind, interruptible));
    CREATE TABLE ${schema}.price_series (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${scope}, offer text NOT NULL, gpu text NOT NULL,
      gpu_count integer NOT NULL, currency text NOT NULL, is_live boolean NOT NULL, minute integer NOT NULL, micros bigint,
      UNIQUE (provider, kind, offer, interruptible, gpu, gpu_count, currency)
    ) WITH (fillfactor = 80);
    CREATE INDEX ON ${schema}.price_series (provider, kind, interruptible, is_live);
    CREATE TABLE ${schema}.prices (
      series integer NOT NULL, minute integer NOT NULL, micros bigint, PRIMARY KEY (series, minute)
    );
    CREATE TABLE ${schema}.market_hours (
      gpu text NOT NULL, hour integer NOT NULL, ${scope}, currency text NOT NULL,
      min bigint, median bigint, max bigint, count integer NOT NULL,
      PRIMARY KEY (gpu, hour, provider, kind, interruptible, currency)
    ) WITH (fillfactor = 80);`
